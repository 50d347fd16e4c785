// Runs before the first paint: theme and language as last chosen, so nothing flashes.
;(() => {
  const root = document.documentElement
  let theme = null
  let locale = null
  try {
    theme = localStorage.getItem('ecoport.theme')
    locale = localStorage.getItem('ecoport.locale')
  } catch {}
  const dark = theme === 'dark' || (theme !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches)
  root.dataset.theme = dark ? 'dark' : 'light'
  root.lang = locale === 'en' ? 'en' : 'zh-CN'
})()
