// Runs before the first paint, as a file because the Content-Security-Policy forbids inline scripts.
// What this browser has chosen goes before the setting of the installation; `system` leaves it to the CSS.
try {
  const settings = document.querySelector('meta[name="holdfast-settings"]')?.content
  let theme = settings ? JSON.parse(settings).defaultTheme : 'system'
  try {
    theme = localStorage.getItem('holdfast.theme') ?? theme
  } catch {
    // Storage can be forbidden; the setting then stands.
  }
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme
} catch {
  // A page that nobody filled in follows the system.
}
