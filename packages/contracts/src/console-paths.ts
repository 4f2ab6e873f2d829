/** First segments of the console's own paths. Generated from its routes by `npm run generate`; a test compares. */
export const consoleSegments: readonly string[] = [
  'admin',
  'assets',
  'build',
  'change-password',
  'forgot-password',
  'icon.svg',
  'index.html',
  'kitchen-sink',
  'profile',
  'register',
  'reset-password',
  'set-password',
  'sign-in',
  'theme.js',
  'tokens',
  'welcome',
]
