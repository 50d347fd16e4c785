import optimizeLocales from '@react-aria/optimize-locales-plugin'
import tailwindcss from '@tailwindcss/vite'
import { tanstackRouter } from '@tanstack/router-plugin/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

const api = process.env.ECOPORT_API ?? 'http://127.0.0.1:8080'

const shellIcons =
  /node_modules\/lucide-react\/dist\/esm\/((?!icons\/)|icons\/(badge-check|bell|building-2|building-complex|circle-exclamation-point|calendar-check-2|chevrons-up-down|circle-alert|check|chevron-right|circle-check|circle-dot|circle-x|clock|circle|circle-dashed|minus|ban|pause|rotate-ccw|flask-conical|trending-up|file-text|shield-alert|plus|arrow-up|arrow-down|copy|factory|file-check-2|file-input|handshake|headset|house|languages|layout-grid|list-checks|loader-circle|lock-keyhole|menu|moon|package|receipt-text|rotate-cw|scroll-text|search|shield-check|store|sun|truck|users-round|wallet|wifi-off|x)\.)/

const sharedParts =
  /src\/shared\/(api\/(act|client|conflict|mutate|problem|session|transport)|i18n\/(index|common|common\.zh)|lib\/(cx|money|store|prefs|time)|ui\/(Button|Part|States|Text|Toast|Toggles))\.tsx?$/

export default defineConfig({
  plugins: [
    tanstackRouter({ target: 'react', autoCodeSplitting: true, quoteStyle: 'single' }),
    react(),
    tailwindcss(),
    { ...optimizeLocales.vite({ locales: ['zh-CN', 'en-US'] }), enforce: 'pre' },
  ],
  resolve: { alias: { '@': new URL('./src', import.meta.url).pathname } },
  server: { proxy: { '/api': api } },
  preview: { proxy: { '/api': api } },
  build: {
    outDir: 'dist/site', // embedded by embed.go
    emptyOutDir: true,
    target: 'es2022',
    manifest: true,
    assetsInlineLimit: 0, // the CSP lets no data: script, style or font in
    // the server names what the first page needs and links fetch ahead: lists for every page would be in the first script
    modulePreload: { polyfill: false, resolveDependencies: () => [] },
    rolldownOptions: {
      output: {
        // names of chunks stand in every list of imports and do not compress: the hash alone is a third of them
        chunkFileNames: 'assets/[hash].js',
        codeSplitting: {
          groups: [
            { name: 'react', test: /node_modules\/(react|react-dom|scheduler)\// },
            {
              name: 'data',
              test: /node_modules\/(@tanstack\/(react-router|router-core|history|react-query|query-core|react-store|store)|openapi-fetch)\//,
            },
            // what every page needs, in one chunk: small ones compress worse and each is a name in the list of imports
            { name: 'shared', test: sharedParts },
            // the icons of the shell and of every record in one chunk; the rest goes with the page that shows it
            { name: 'icons', test: shellIcons },
          ],
        },
      },
    },
  },
  test: { include: ['src/**/*.test.{ts,tsx}'], environment: 'node' },
} as Parameters<typeof defineConfig>[0])
