import { useEffect } from 'react'
import { usePageSettings } from './page-settings.ts'

/** Names the browser tab after the page and the installation. */
export function useDocumentTitle(title: string): void {
  const { appName } = usePageSettings()
  useEffect(() => {
    document.title = `${title} · ${appName}`
  }, [title, appName])
}
