// Runs before the first paint, as a file because the Content-Security-Policy forbids inline scripts.
// Without a stored choice nothing is set and the CSS follows the system.
try {
  const theme = localStorage.getItem('holdfast.theme')
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme
} catch {
  // Storage can be forbidden; the system theme then stands.
}
