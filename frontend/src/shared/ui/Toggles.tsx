import { Languages, Moon, Sun } from 'lucide-react'
import { setLocale, useLocale } from '../i18n'
import { useCommon } from '../i18n/common'
import { dark, setTheme } from '../lib/prefs'
import { Button, IconButton } from './Button'

export function LanguageButton() {
  const next = useLocale() === 'zh' ? 'en' : 'zh'
  return (
    <Button
      variant="quiet"
      icon={<Languages size={17} aria-hidden />}
      onPress={() => setLocale(next)}
      className="phone:!w-11 phone:!px-0"
      lang={next === 'zh' ? 'zh-CN' : 'en'}
    >
      <span className="phone:sr-only">{next === 'zh' ? '中文' : 'English'}</span>
    </Button>
  )
}

export function ThemeButton() {
  const t = useCommon()
  const isDark = dark.use()
  return (
    <IconButton
      label={isDark ? t.toLight : t.toDark}
      icon={isDark ? <Sun size={18} aria-hidden /> : <Moon size={18} aria-hidden />}
      onPress={() => setTheme(isDark ? 'light' : 'dark')}
    />
  )
}
