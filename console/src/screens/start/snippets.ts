/** What a newcomer pastes, with the real address, ids and keys filled in. Tests run the curl calls as they are. */

export interface Ids {
  /** `http://127.0.0.1:9000`: where this page came from. */
  readonly url: string
  readonly applicationId: string
  readonly keys: Readonly<Partial<Record<string, string>>>
}

const TEST_DEVICE = "test-device"

export function curlRegistration(ids: Ids): string {
  const body = JSON.stringify({
    deviceToken: "test-token",
    deviceId: TEST_DEVICE,
    os: "ANDROID",
    osVersion: "16",
    channels: ["default"],
  })
  return [
    `curl -X POST '${base(ids, "REST")}/messaging/registrations' \\`,
    "  -H 'Content-Type: application/json' \\",
    `  -d '${body}'`,
  ].join("\n")
}

export function curlPublish(ids: Ids): string {
  return [
    `curl -X POST '${base(ids, "REST")}/messaging/default' \\`,
    "  -H 'Content-Type: application/json' \\",
    `  -d '${JSON.stringify({ message: "Hello from Belfry" })}'`,
  ].join("\n")
}

export function javascriptRegistration(ids: Ids): string {
  return `import Backendless from "backendless"

Backendless.serverURL = "${ids.url}"
Backendless.initApp("${ids.applicationId}", "${keyOf(ids, "JS")}")
Backendless.setupDevice({ uuid: "${TEST_DEVICE}", platform: "android", version: "16" })

await Backendless.Messaging.registerDevice("test-token", ["default"])`
}

export function swiftRegistration(ids: Ids): string {
  return `import SwiftSDK

// In the application delegate, after registerForRemoteNotifications()
func application(_ application: UIApplication,
                 didRegisterForRemoteNotificationsWithDeviceToken deviceToken: Data) {
    Backendless.shared.hostUrl = "${ids.url}"
    Backendless.shared.initApp(applicationId: "${ids.applicationId}",
                               apiKey: "${keyOf(ids, "IOS")}")
    Backendless.shared.messaging.registerDevice(
        deviceToken: deviceToken,
        channels: ["default"],
        responseHandler: { registrationId in print("Registered: \\(registrationId)") },
        errorHandler: { fault in print("Refused: \\(fault.message ?? "")") })
}`
}

export function kotlinRegistration(ids: Ids): string {
  return `import com.google.firebase.messaging.FirebaseMessagingService
import java.net.HttpURLConnection
import java.net.URL
import org.json.JSONArray
import org.json.JSONObject

class PushService : FirebaseMessagingService() {
    // Firebase calls this off the main thread.
    override fun onNewToken(token: String) {
        val body = JSONObject()
            .put("deviceToken", token)
            .put("deviceId", deviceId()) // an id of the installation that your app keeps
            .put("os", "ANDROID")
            .put("osVersion", android.os.Build.VERSION.RELEASE)
            .put("channels", JSONArray(listOf("default")))
        val url = URL("${base(ids, "ANDROID")}/messaging/registrations")
        with(url.openConnection() as HttpURLConnection) {
            requestMethod = "POST"
            doOutput = true
            setRequestProperty("Content-Type", "application/json")
            outputStream.use { it.write(body.toString().toByteArray()) }
            check(responseCode == 200) { errorStream.bufferedReader().readText() }
        }
    }
}`
}

function base(ids: Ids, kind: string): string {
  return `${ids.url}/${ids.applicationId}/${keyOf(ids, kind)}`
}

/** Who may not see the keys gets a place to put one. */
function keyOf({ keys }: Ids, kind: string): string {
  return keys[kind] ?? `<${kind} API key>`
}
