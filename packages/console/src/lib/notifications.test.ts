import {
  listNotifications,
  readAllNotifications,
  readNotification,
} from '@holdfast/contracts/platform/notifications'
import { expect, it, vi } from 'vitest'

// The console reads where it is mounted from the page around it; this test has none.
vi.stubGlobal('document', { baseURI: 'http://127.0.0.1/' })

it('the paths of the bell are those of the routes', async () => {
  const { notificationPaths } = await import('./notifications.ts')
  expect(notificationPaths.list).toBe(listNotifications.path)
  expect(notificationPaths.read('{id}')).toBe(readNotification.path)
  expect(notificationPaths.readAll).toBe(readAllNotifications.path)
})
