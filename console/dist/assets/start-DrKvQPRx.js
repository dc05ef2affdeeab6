import{_ as e,b as t,h as n,m as r,n as i}from"./application-Bv5XZrCY.js";import{i as a,n as o,r as s,t as c}from"./components-q3fIJWXB.js";import{t as l}from"./message-state-BnT0MwQe.js";import{r as u}from"./platforms-D-Wkb-qo.js";import{d,s as f}from"./index-DVP_JmJK.js";import{n as p,r as m}from"./copy-CISx_Pag.js";import{i as h,n as g}from"./format-CpgmYMZm.js";import{C as _}from"./react-DLoZ3Tqs.js";var v=_();function y({label:e,tabs:t}){return(0,v.jsxs)(a,{defaultValue:t[0]?.value,children:[(0,v.jsx)(c,{className:`tab-list`,"aria-label":e,children:t.map(e=>(0,v.jsx)(s,{value:e.value,className:`tab`,children:e.label},e.value))}),t.map(e=>(0,v.jsx)(o,{value:e.value,className:`tab-panel`,children:e.content},e.value))]})}var b=`test-device`;function x(e){let t=JSON.stringify({deviceToken:`test-token`,deviceId:b,os:`ANDROID`,osVersion:`16`,channels:[`default`]});return[`curl -X POST '${E(e,`REST`)}/messaging/registrations' \\`,`  -H 'Content-Type: application/json' \\`,`  -d '${t}'`].join(`
`)}function S(e){return[`curl -X POST '${E(e,`REST`)}/messaging/default' \\`,`  -H 'Content-Type: application/json' \\`,`  -d '${JSON.stringify({message:`Hello from Belfry`})}'`].join(`
`)}function C(e){return`import Backendless from "backendless"

Backendless.serverURL = "${e.url}"
Backendless.initApp("${e.applicationId}", "${D(e,`JS`)}")
Backendless.setupDevice({ uuid: "${b}", platform: "android", version: "16" })

await Backendless.Messaging.registerDevice("test-token", ["default"])`}function w(e){return`import SwiftSDK

// In the application delegate, after registerForRemoteNotifications()
func application(_ application: UIApplication,
                 didRegisterForRemoteNotificationsWithDeviceToken deviceToken: Data) {
    Backendless.shared.hostUrl = "${e.url}"
    Backendless.shared.initApp(applicationId: "${e.applicationId}",
                               apiKey: "${D(e,`IOS`)}")
    Backendless.shared.messaging.registerDevice(
        deviceToken: deviceToken,
        channels: ["default"],
        responseHandler: { registrationId in print("Registered: \\(registrationId)") },
        errorHandler: { fault in print("Refused: \\(fault.message ?? "")") })
}`}function T(e){return`import com.google.firebase.messaging.FirebaseMessagingService
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
        val url = URL("${E(e,`ANDROID`)}/messaging/registrations")
        with(url.openConnection() as HttpURLConnection) {
            requestMethod = "POST"
            doOutput = true
            setRequestProperty("Content-Type", "application/json")
            outputStream.use { it.write(body.toString().toByteArray()) }
            check(responseCode == 200) { errorStream.bufferedReader().readText() }
        }
    }
}`}function E(e,t){return`${e.url}/${e.applicationId}/${D(e,t)}`}function D({keys:e},t){return e[t]??`<${t} API key>`}function O({number:e,title:t,isDone:n,children:r}){return(0,v.jsxs)(`li`,{className:`step`,children:[(0,v.jsx)(`span`,{className:`step-mark`,"data-done":n?``:void 0,children:n?(0,v.jsx)(m,{size:18,"aria-label":`Done`}):e}),(0,v.jsx)(f,{title:t,children:(0,v.jsx)(`div`,{className:`stack`,children:r})})]})}var k=1500;function A(){return(0,v.jsx)(r,{title:`Get started`,lead:`Register a device, send it a message, see it arrive. Each step is ticked off as soon as the server has seen it.`,children:(0,v.jsx)(N,{children:e=>(0,v.jsx)(j,{ids:e})})})}function j({ids:e}){let t=P(),n=F();return(0,v.jsxs)(`ol`,{className:`steps`,children:[(0,v.jsxs)(O,{number:1,title:`Register a device`,isDone:t>0,children:[(0,v.jsx)(`p`,{children:`An app does this whenever it starts. Try it from a terminal first: without credentials of Apple, Google or Microsoft, the device lives in the sandbox of this server.`}),(0,v.jsx)(M,{ids:e}),(0,v.jsx)(`p`,{role:`status`,children:t===0?`Waiting for the first device…`:`${g(t,`device`)} registered.`})]}),(0,v.jsxs)(O,{number:2,title:`Send a message`,isDone:n!==void 0,children:[(0,v.jsx)(`p`,{children:`To everybody on the channel default, from a terminal or from your own server.`}),(0,v.jsx)(p,{text:S(e),what:`the call that publishes`})]}),(0,v.jsx)(O,{number:3,title:`See it arrive`,isDone:(n?.counts.accepted??0)>0,children:n===void 0?(0,v.jsx)(`p`,{children:`As soon as a message is sent, this says what became of it.`}):(0,v.jsxs)(`p`,{role:`status`,children:[`The latest message is `,(0,v.jsx)(l,{state:n.state}),`: `,h(n.counts.accepted),` `,`of `,g(n.audience,`device`),` took it.`]})})]})}function M({ids:e}){let n=e=>(0,v.jsx)(p,{text:e,what:`the code that registers a device`});return(0,v.jsxs)(v.Fragment,{children:[Object.keys(e.keys).length===0&&(0,v.jsx)(t,{tone:`warn`,children:`Only somebody with the scope administer sees API keys here; ask for one and fill it in.`}),(0,v.jsx)(y,{label:`Language`,tabs:[{value:`curl`,label:`curl`,content:n(x(e))},{value:`javascript`,label:`JavaScript`,content:n(C(e))},{value:`swift`,label:`Swift`,content:n(w(e))},{value:`kotlin`,label:`Kotlin`,content:n(T(e))}]})]})}function N({children:t}){let{applicationId:r}=i(),a=d(`administer`),o=n.useQuery(`get`,`/admin/v1/applications/{applicationId}/keys`,{params:{path:{applicationId:r},query:{reveal:a}}});return(0,v.jsx)(e,{query:o,failure:`The API keys could not be read`,children:e=>{let n=e.keys.flatMap(({kind:e,key:t})=>t===void 0?[]:[[e,t]]);return t({url:location.origin,applicationId:r,keys:Object.fromEntries(n)})}})}function P(){let{applicationId:e}=i(),{data:t}=n.useQuery(`get`,`/admin/v1/applications/{applicationId}/overview`,{params:{path:{applicationId:e}}},{refetchInterval:k});return t===void 0?0:u(t.devices)}function F(){let{applicationId:e}=i(),{data:t}=n.useQuery(`get`,`/admin/v1/applications/{applicationId}/messages`,{params:{path:{applicationId:e},query:{limit:1}}},{refetchInterval:k});return t?.messages[0]}export{A as Start};