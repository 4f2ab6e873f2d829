import {
  Boxes,
  Building2,
  CalendarDays,
  Car,
  Cpu,
  CreditCard,
  Database,
  Folder,
  Globe,
  Heart,
  House,
  Image,
  type LucideIcon,
  Mail,
  MapPin,
  MessageSquare,
  Music,
  Package,
  ShoppingCart,
  Star,
  Tag,
  Truck,
  Users,
  Wrench,
} from 'lucide-react'

/** The icons that a group can have; a name that is not here (another client's) is shown as a folder. */
export const groupIcons: Readonly<Record<string, LucideIcon>> = {
  folder: Folder,
  boxes: Boxes,
  building: Building2,
  calendar: CalendarDays,
  car: Car,
  cpu: Cpu,
  'credit-card': CreditCard,
  database: Database,
  globe: Globe,
  heart: Heart,
  home: House,
  image: Image,
  mail: Mail,
  'map-pin': MapPin,
  message: MessageSquare,
  music: Music,
  package: Package,
  'shopping-cart': ShoppingCart,
  star: Star,
  tag: Tag,
  truck: Truck,
  users: Users,
  wrench: Wrench,
}

/** Colors that are told apart in both themes; any other can be typed. */
export const groupColors = [
  '#3b82f6',
  '#0d9488',
  '#16a34a',
  '#ca8a04',
  '#ea580c',
  '#dc2626',
  '#db2777',
  '#7c3aed',
] as const

/** The group's icon in its color. Decoration: the name beside it says what it is. */
export function GroupIcon({ icon, color }: { icon: string; color: string }) {
  const Icon = groupIcons[icon] ?? Folder
  return <Icon aria-hidden className="size-4 shrink-0" style={{ color }} />
}
