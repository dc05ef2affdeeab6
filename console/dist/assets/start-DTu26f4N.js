import{_ as e,b as t,h as n,m as r,n as i}from"./application-BaB_4LiK.js";import{t as a}from"./message-state-D4hZtKWp.js";import{r as o}from"./platforms-D-Wkb-qo.js";import{d as s,s as c}from"./index-lyhLoLOO.js";import{n as l,r as u}from"./copy-FZAa-gvU.js";import{i as d,n as f}from"./format-CpgmYMZm.js";import{t as p}from"./tabs-CjlXK0HJ.js";import{S as m}from"./react-ByXaiT_f.js";var h=`test-device`;function g(e){let t=JSON.stringify({deviceToken:`test-token`,deviceId:h,os:`ANDROID`,osVersion:`16`,channels:[`default`]});return[`curl -X POST '${x(e,`REST`)}/messaging/registrations' \\`,`  -H 'Content-Type: application/json' \\`,`  -d '${t}'`].join(`
`)}function _(e){return[`curl -X POST '${x(e,`REST`)}/messaging/default' \\`,`  -H 'Content-Type: application/json' \\`,`  -d '${JSON.stringify({message:`Hello from Belfry`})}'`].join(`
`)}function v(e){return`import Backendless from "backendless"

Backendless.serverURL = "${e.url}"
Backendless.initApp("${e.applicationId}", "${S(e,`JS`)}")
Backendless.setupDevice({ uuid: "${h}", platform: "android", version: "16" })

await Backendless.Messaging.registerDevice("test-token", ["default"])`}function y(e){return`import SwiftSDK

// In the application delegate, after registerForRemoteNotifications()
func application(_ application: UIApplication,
                 didRegisterForRemoteNotificationsWithDeviceToken deviceToken: Data) {
    Backendless.shared.hostUrl = "${e.url}"
    Backendless.shared.initApp(applicationId: "${e.applicationId}",
                               apiKey: "${S(e,`IOS`)}")
    Backendless.shared.messaging.registerDevice(
        deviceToken: deviceToken,
        channels: ["default"],
        responseHandler: { registrationId in print("Registered: \\(registrationId)") },
        errorHandler: { fault in print("Refused: \\(fault.message ?? "")") })
}`}function b(e){return`import com.google.firebase.messaging.FirebaseMessagingService
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
        val url = URL("${x(e,`ANDROID`)}/messaging/registrations")
        with(url.openConnection() as HttpURLConnection) {
            requestMethod = "POST"
            doOutput = true
            setRequestProperty("Content-Type", "application/json")
            outputStream.use { it.write(body.toString().toByteArray()) }
            check(responseCode == 200) { errorStream.bufferedReader().readText() }
        }
    }
}`}function x(e,t){return`${e.url}/${e.applicationId}/${S(e,t)}`}function S({keys:e},t){return e[t]??`<${t} API key>`}var C=m();function w({number:e,title:t,isDone:n,children:r}){return(0,C.jsxs)(`li`,{className:`step`,children:[(0,C.jsx)(`span`,{className:`step-mark`,"data-done":n?``:void 0,children:n?(0,C.jsx)(u,{size:18,"aria-label":`Done`}):e}),(0,C.jsx)(c,{title:t,children:(0,C.jsx)(`div`,{className:`stack`,children:r})})]})}var T=1500;function E(){return(0,C.jsx)(r,{title:`Get started`,lead:`Register a device, send it a message, see it arrive. Each step is ticked off as soon as the server has seen it.`,children:(0,C.jsx)(k,{children:e=>(0,C.jsx)(D,{ids:e})})})}function D({ids:e}){let t=A(),n=j();return(0,C.jsxs)(`ol`,{className:`steps`,children:[(0,C.jsxs)(w,{number:1,title:`Register a device`,isDone:t>0,children:[(0,C.jsx)(`p`,{children:`An app does this whenever it starts. Try it from a terminal first: without credentials of Apple, Google or Microsoft, the device lives in the sandbox of this server.`}),(0,C.jsx)(O,{ids:e}),(0,C.jsx)(`p`,{role:`status`,children:t===0?`Waiting for the first device…`:`${f(t,`device`)} registered.`})]}),(0,C.jsxs)(w,{number:2,title:`Send a message`,isDone:n!==void 0,children:[(0,C.jsx)(`p`,{children:`To everybody on the channel default, from a terminal or from your own server.`}),(0,C.jsx)(l,{text:_(e),what:`the call that publishes`})]}),(0,C.jsx)(w,{number:3,title:`See it arrive`,isDone:(n?.counts.accepted??0)>0,children:n===void 0?(0,C.jsx)(`p`,{children:`As soon as a message is sent, this says what became of it.`}):(0,C.jsxs)(`p`,{role:`status`,children:[`The latest message is `,(0,C.jsx)(a,{state:n.state}),`: `,d(n.counts.accepted),` `,`of `,f(n.audience,`device`),` took it.`]})})]})}function O({ids:e}){let n=e=>(0,C.jsx)(l,{text:e,what:`the code that registers a device`});return(0,C.jsxs)(C.Fragment,{children:[Object.keys(e.keys).length===0&&(0,C.jsx)(t,{tone:`warn`,children:`Only somebody with the scope administer sees API keys here; ask for one and fill it in.`}),(0,C.jsx)(p,{label:`Language`,tabs:[{value:`curl`,label:`curl`,content:n(g(e))},{value:`javascript`,label:`JavaScript`,content:n(v(e))},{value:`swift`,label:`Swift`,content:n(y(e))},{value:`kotlin`,label:`Kotlin`,content:n(b(e))}]})]})}function k({children:t}){let{applicationId:r}=i(),a=s(`administer`),o=n.useQuery(`get`,`/admin/v1/applications/{applicationId}/keys`,{params:{path:{applicationId:r},query:{reveal:a}}});return(0,C.jsx)(e,{query:o,failure:`The API keys could not be read`,children:e=>{let n=e.keys.flatMap(({kind:e,key:t})=>t===void 0?[]:[[e,t]]);return t({url:location.origin,applicationId:r,keys:Object.fromEntries(n)})}})}function A(){let{applicationId:e}=i(),{data:t}=n.useQuery(`get`,`/admin/v1/applications/{applicationId}/overview`,{params:{path:{applicationId:e}}},{refetchInterval:T});return t===void 0?0:o(t.devices)}function j(){let{applicationId:e}=i(),{data:t}=n.useQuery(`get`,`/admin/v1/applications/{applicationId}/messages`,{params:{path:{applicationId:e},query:{limit:1}}},{refetchInterval:T});return t?.messages[0]}export{E as Start};