import { House } from 'lucide-react'
import type { AreaPage } from '../area.ts'

export const homePages: readonly AreaPage[] = [
  { to: '/', label: 'Home', summary: 'Where you start.', icon: House, keywords: ['start'] },
]
