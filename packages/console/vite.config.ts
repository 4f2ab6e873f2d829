import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { developmentBase, preloadInterfaceFont } from './scripts/html-plugins.ts'

/** Where `npm run dev` finds the server; the console itself always asks its own origin. */
const server = process.env['HOLDFAST_DEV_SERVER'] ?? 'http://127.0.0.1:3000'

export default defineConfig({
  // Relative, so that the same build answers under any prefix.
  base: './',
  plugins: [react(), tailwindcss(), preloadInterfaceFont(), developmentBase()],
  server: {
    port: Number(process.env['HOLDFAST_CONSOLE_PORT'] ?? 5173),
    proxy: Object.fromEntries(['/api', '/v1', '/health', '/ready'].map((path) => [path, { target: server }])),
  },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    // Nothing becomes a data: URL: the Content-Security-Policy allows files from this origin only.
    assetsInlineLimit: 0,
    manifest: true,
    modulePreload: { polyfill: false },
    target: ['chrome123', 'firefox121', 'safari17.5'],
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: 'react', test: /node_modules[\\/](react|react-dom|scheduler)[\\/]/, priority: 3 },
            {
              name: 'router',
              test: /node_modules[\\/]@tanstack[\\/](react-router|router-core|history|react-store|store)[\\/]/,
              priority: 2,
            },
          ],
        },
      },
    },
  },
})
