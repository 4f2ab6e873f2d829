import type { Plugin } from 'vite'

/**
 * Adds a preload for the interface font to the built page, so that text does not change its face after the first
 * paint. The mono font is left out on purpose: most pages show none above the fold.
 */
export function preloadInterfaceFont(): Plugin {
  return {
    name: 'holdfast:preload-interface-font',
    transformIndexHtml: {
      order: 'post',
      handler(_html, { bundle }) {
        const font = Object.keys(bundle ?? {}).find((file) => /inter-latin.*\.woff2$/.test(file))
        if (!font) return []
        const attrs = { rel: 'preload', as: 'font', type: 'font/woff2', crossorigin: '', href: `./${font}` }
        return [{ tag: 'link', attrs, injectTo: 'head' }]
      },
    },
  }
}

/** Where the built page is served the server writes its `<base>`; while developing the console is always at the root. */
export function developmentBase(): Plugin {
  return {
    name: 'holdfast:development-base',
    apply: 'serve',
    transformIndexHtml: {
      order: 'pre',
      handler: (html) => html.replace('<base href="./" />', '<base href="/" />'),
    },
  }
}
