import type { Screen } from "./app/screen.ts"
import { APP_SETTINGS_SCREENS } from "./screens/app-settings/screens.ts"
import { APPLICATION_SCREENS } from "./screens/applications/screens.ts"
import { CHANNEL_SCREENS } from "./screens/channels/screens.ts"
import { COMPOSE_SCREENS } from "./screens/compose/screens.ts"
import { CREDENTIAL_SCREENS } from "./screens/credentials/screens.ts"
import { DEVICE_SCREENS } from "./screens/devices/screens.ts"
import { MESSAGE_SCREENS } from "./screens/messages/screens.ts"
import { OVERVIEW_SCREENS } from "./screens/overview/screens.ts"
import { PERMISSION_SCREENS } from "./screens/permissions/screens.ts"
import { PHONE_SCREENS } from "./screens/phones/screens.ts"
import { SERVER_SCREENS } from "./screens/server/screens.ts"
import { START_SCREENS } from "./screens/start/screens.ts"
import { USER_SCREENS } from "./screens/users/screens.ts"

/** Every screen; the navigation shows those that want it in this order. */
export const SCREENS: readonly Screen[] = [
  ...OVERVIEW_SCREENS,
  ...START_SCREENS,
  ...COMPOSE_SCREENS,
  ...MESSAGE_SCREENS,
  ...DEVICE_SCREENS,
  ...CHANNEL_SCREENS,
  ...PHONE_SCREENS,
  ...APP_SETTINGS_SCREENS,
  ...CREDENTIAL_SCREENS,
  ...USER_SCREENS,
  ...PERMISSION_SCREENS,
  ...APPLICATION_SCREENS,
  ...SERVER_SCREENS,
]
