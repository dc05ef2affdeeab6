import{d as e,h as t,n,u as r}from"./application-DY2Kq9ee.js";import{i,n as a,r as o,t as s}from"./components-DsChVf0S.js";import{r as c,t as l}from"./message-state-7SGLlrxd.js";import{a as u,c as d}from"./index-KgNTbSaO.js";import{c as f,n as p,o as m,r as h}from"./format-BcWUCwhx.js";import{y as g}from"./react-ChXGE2-f.js";var _=g();function v({label:e,tabs:t}){return(0,_.jsxs)(i,{defaultValue:t[0]?.value,children:[(0,_.jsx)(s,{className:`tab-list`,"aria-label":e,children:t.map(e=>(0,_.jsx)(o,{value:e.value,className:`tab`,children:e.label},e.value))}),t.map(e=>(0,_.jsx)(a,{value:e.value,className:`tab-panel`,children:e.content},e.value))]})}var y=`test-device`;function b(e){let t=JSON.stringify({deviceToken:`test-token`,deviceId:y,os:`ANDROID`,osVersion:`16`,channels:[`default`]});return[`curl -X POST '${T(e,`REST`)}/messaging/registrations' \\`,`  -H 'Content-Type: application/json' \\`,`  -d '${t}'`].join(`
`)}function x(e){return[`curl -X POST '${T(e,`REST`)}/messaging/default' \\`,`  -H 'Content-Type: application/json' \\`,`  -d '${JSON.stringify({message:`Hello from Belfry`})}'`].join(`
`)}function S(e){return`import Backendless from "backendless"

Backendless.serverURL = "${e.url}"
Backendless.initApp("${e.applicationId}", "${E(e,`JS`)}")
Backendless.setupDevice({ uuid: "${y}", platform: "android", version: "16" })

await Backendless.Messaging.registerDevice("test-token", ["default"])`}function C(e){return`import SwiftSDK

// In the application delegate, after registerForRemoteNotifications()
func application(_ application: UIApplication,
                 didRegisterForRemoteNotificationsWithDeviceToken deviceToken: Data) {
    Backendless.shared.hostUrl = "${e.url}"
    Backendless.shared.initApp(applicationId: "${e.applicationId}",
                               apiKey: "${E(e,`IOS`)}")
    Backendless.shared.messaging.registerDevice(
        deviceToken: deviceToken,
        channels: ["default"],
        responseHandler: { registrationId in print("Registered: \\(registrationId)") },
        errorHandler: { fault in print("Refused: \\(fault.message ?? "")") })
}`}function w(e){return`import com.google.firebase.messaging.FirebaseMessagingService
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
        val url = URL("${T(e,`ANDROID`)}/messaging/registrations")
        with(url.openConnection() as HttpURLConnection) {
            requestMethod = "POST"
            doOutput = true
            setRequestProperty("Content-Type", "application/json")
            outputStream.use { it.write(body.toString().toByteArray()) }
            check(responseCode == 200) { errorStream.bufferedReader().readText() }
        }
    }
}`}function T(e,t){return`${e.url}/${e.applicationId}/${E(e,t)}`}function E({keys:e},t){return e[t]??`<${t} API key>`}function D({number:e,title:t,isDone:n,children:r}){return(0,_.jsxs)(`li`,{className:`step`,children:[(0,_.jsx)(`span`,{className:`step-mark`,"data-done":n?``:void 0,children:n?(0,_.jsx)(f,{size:18,"aria-label":`Done`}):e}),(0,_.jsx)(u,{title:t,children:(0,_.jsx)(`div`,{className:`stack`,children:r})})]})}var O=1500;function k(){let e=j(),t=M(),n=N();return(0,_.jsx)(r,{title:`Get started`,lead:`Register a device, send it a message, see it arrive. Each step is ticked off as soon as the server has seen it.`,children:(0,_.jsxs)(`ol`,{className:`steps`,children:[(0,_.jsxs)(D,{number:1,title:`Register a device`,isDone:t>0,children:[(0,_.jsx)(`p`,{children:`An app does this whenever it starts. Try it from a terminal first: without credentials of Apple, Google or Microsoft, the device lives in the sandbox of this server.`}),(0,_.jsx)(A,{ids:e}),(0,_.jsx)(`p`,{role:`status`,children:t===0?`Waiting for the first device…`:`${p(t,`device`)} registered.`})]}),(0,_.jsxs)(D,{number:2,title:`Send a message`,isDone:n!==void 0,children:[(0,_.jsx)(`p`,{children:`To everybody on the channel default, from a terminal or from your own server.`}),(0,_.jsx)(m,{text:x(e),what:`the call that publishes`})]}),(0,_.jsx)(D,{number:3,title:`See it arrive`,isDone:(n?.counts.accepted??0)>0,children:n===void 0?(0,_.jsx)(`p`,{children:`As soon as a message is sent, this says what became of it.`}):(0,_.jsxs)(`p`,{role:`status`,children:[`The latest message is `,(0,_.jsx)(l,{state:n.state}),`:`,` `,h(n.counts.accepted),` of `,p(n.audience,`device`),` took it.`]})})]})})}function A({ids:e}){let n=e=>(0,_.jsx)(m,{text:e,what:`the code that registers a device`});return(0,_.jsxs)(_.Fragment,{children:[Object.keys(e.keys).length===0&&(0,_.jsx)(t,{tone:`warn`,children:`Only somebody with the scope administer sees API keys here; ask for one and fill it in.`}),(0,_.jsx)(v,{label:`Language`,tabs:[{value:`curl`,label:`curl`,content:n(b(e))},{value:`javascript`,label:`JavaScript`,content:n(S(e))},{value:`swift`,label:`Swift`,content:n(C(e))},{value:`kotlin`,label:`Kotlin`,content:n(w(e))}]})]})}function j(){let{applicationId:t}=n(),r=d(`administer`),{data:i}=e.useQuery(`get`,`/admin/v1/applications/{applicationId}/keys`,{params:{path:{applicationId:t},query:{reveal:!0}}},{enabled:r}),a=Object.fromEntries((i?.keys??[]).map(({kind:e,key:t})=>[e,t]));return{url:location.origin,applicationId:t,keys:a}}function M(){let{applicationId:t}=n(),{data:r}=e.useQuery(`get`,`/admin/v1/applications/{applicationId}/overview`,{params:{path:{applicationId:t}}},{refetchInterval:O});return r===void 0?0:c(r.devices)}function N(){let{applicationId:t}=n(),{data:r}=e.useQuery(`get`,`/admin/v1/applications/{applicationId}/messages`,{params:{path:{applicationId:t},query:{limit:1}}},{refetchInterval:O});return r?.messages[0]}export{k as Start};