import{n as e}from"./rolldown-runtime-WkwZ5CU-.js";import{C as t,b as n,g as r,h as i,n as a,v as o,y as s}from"./application-408g1sIX.js";import{t as c}from"./message-state-Ba9g5pF4.js";import{r as l}from"./platforms-D-Wkb-qo.js";import{d as u,s as d,y as f}from"./index-CNNk2MMw.js";import{n as p}from"./copy-g0DKHgoI.js";import{i as m,n as h}from"./format-xU7k43wL.js";import{t as g}from"./tabs-DdMX8tSW.js";import{n as _,r as v,t as y}from"./phone-kinds-C-IzNIjA.js";import{n as b,t as x}from"./phone-B2RqxxsK.js";import{t as S}from"./time-BirsK3Ye.js";import{D as C,w}from"./react-D3KWGXHc.js";/* empty css              */import{t as T}from"./check-DK8UT3jt.js";var E=w(),D=3;function O(){let{applicationId:e}=a(),t=v(e).data?.phones??[];return t.length===0?null:(0,E.jsx)(`ul`,{className:`arrivals`,children:t.slice(0,D).map(e=>(0,E.jsx)(`li`,{children:(0,E.jsx)(k,{phone:e})},e.deviceId))})}function k({phone:{name:e,os:t,notifications:n}}){let{name:r}=a();return(0,E.jsx)(x,{look:b(t),label:`Screen of ${e}`,app:r,cards:n.map(({sequence:e,at:t,shown:n})=>({key:e,shown:n,when:(0,E.jsx)(S,{at:t})})),children:`Nothing has arrived yet.`})}var A=e(C(),1);function j({deviceCount:e}){let{applicationId:r}=a(),i=u(`operate`),[s,c]=(0,A.useState)(`Hello from Belfry`),{mutate:l,isPending:d,data:p,error:m}=t.useMutation(`post`,`/admin/v1/applications/{applicationId}/messages`);return i?(0,E.jsxs)(E.Fragment,{children:[(0,E.jsxs)(`label`,{className:`field`,children:[(0,E.jsx)(`span`,{className:`field-label`,children:`Message`}),(0,E.jsx)(`input`,{className:`input`,value:s,maxLength:200,onChange:e=>c(e.target.value)})]}),(0,E.jsxs)(`div`,{className:`row`,children:[(0,E.jsxs)(n,{look:`primary`,isBusy:d,disabled:e===0||s.trim()===``,onClick:()=>l({params:{path:{applicationId:r}},body:{channel:`default`,message:s,headers:{"ios-alert-title":`It works`,"android-content-title":`It works`,"wp-title":`It works`}}}),children:[(0,E.jsx)(f,{size:16,"aria-hidden":!0}),`Send to everybody on default`]}),p!==void 0&&(0,E.jsxs)(`span`,{role:`status`,children:[`It is on its way to `,h(p.audience,`device`),`.`]})]}),m!==null&&(0,E.jsx)(o,{error:m})]}):null}function M(){let{mutate:e,params:t,isPending:r,error:i}=_();return u(`operate`)?(0,E.jsxs)(E.Fragment,{children:[(0,E.jsx)(`div`,{className:`row`,children:y.map(({os:i,label:a})=>(0,E.jsxs)(n,{look:`primary`,isBusy:r,onClick:()=>e({params:t,body:{os:i}}),children:[`Add a virtual `,a]},i))}),i!==null&&(0,E.jsx)(o,{error:i})]}):null}var N=`test-device`;function P(e){let t=JSON.stringify({deviceToken:`test-token`,deviceId:N,os:`ANDROID`,osVersion:`16`,channels:[`default`]});return[`curl -X POST '${z(e,`REST`)}/messaging/registrations' \\`,`  -H 'Content-Type: application/json' \\`,`  -d '${t}'`].join(`
`)}function F(e){return[`curl -X POST '${z(e,`REST`)}/messaging/default' \\`,`  -H 'Content-Type: application/json' \\`,`  -d '${JSON.stringify({message:`Hello from Belfry`})}'`].join(`
`)}function I(e){return`import Backendless from "backendless"

Backendless.serverURL = "${e.url}"
Backendless.initApp("${e.applicationId}", "${B(e,`JS`)}")
Backendless.setupDevice({ uuid: "${N}", platform: "android", version: "16" })

await Backendless.Messaging.registerDevice("test-token", ["default"])`}function L(e){return`import SwiftSDK

// In the application delegate, after registerForRemoteNotifications()
func application(_ application: UIApplication,
                 didRegisterForRemoteNotificationsWithDeviceToken deviceToken: Data) {
    Backendless.shared.hostUrl = "${e.url}"
    Backendless.shared.initApp(applicationId: "${e.applicationId}",
                               apiKey: "${B(e,`IOS`)}")
    Backendless.shared.messaging.registerDevice(
        deviceToken: deviceToken,
        channels: ["default"],
        responseHandler: { registrationId in print("Registered: \\(registrationId)") },
        errorHandler: { fault in print("Refused: \\(fault.message ?? "")") })
}`}function R(e){return`import com.google.firebase.messaging.FirebaseMessagingService
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
        val url = URL("${z(e,`ANDROID`)}/messaging/registrations")
        with(url.openConnection() as HttpURLConnection) {
            requestMethod = "POST"
            doOutput = true
            setRequestProperty("Content-Type", "application/json")
            outputStream.use { it.write(body.toString().toByteArray()) }
            check(responseCode == 200) { errorStream.bufferedReader().readText() }
        }
    }
}`}function z(e,t){return`${e.url}/${e.applicationId}/${B(e,t)}`}function B({keys:e},t){return e[t]??`<${t} API key>`}function V({number:e,title:t,isDone:n,children:r}){return(0,E.jsxs)(`li`,{className:`step`,children:[(0,E.jsx)(`span`,{className:`step-mark`,"data-done":n?``:void 0,children:n?(0,E.jsx)(T,{size:18,"aria-label":`Done`}):e}),(0,E.jsx)(d,{title:t,children:(0,E.jsx)(`div`,{className:`stack`,children:r})})]})}var H=1500;function U(){return(0,E.jsx)(i,{title:`Get started`,lead:`Register a device, send it a message, see it arrive. Each step is ticked off as soon as the server has seen it.`,children:(0,E.jsx)(K,{children:e=>(0,E.jsx)(W,{ids:e})})})}function W({ids:e}){let t=q(),n=J();return(0,E.jsxs)(`ol`,{className:`steps`,children:[(0,E.jsxs)(V,{number:1,title:`Register a device`,isDone:t>0,children:[(0,E.jsx)(`p`,{children:`A virtual phone lives in the sandbox of this server: it needs no account of Apple, Google or Microsoft, and no phone.`}),(0,E.jsx)(M,{}),(0,E.jsx)(`p`,{children:`An app does the same whenever it starts, with a few lines that have your ids in them already:`}),(0,E.jsx)(G,{ids:e}),(0,E.jsx)(`p`,{role:`status`,children:t===0?`Waiting for the first device…`:`${h(t,`device`)} registered.`})]}),(0,E.jsxs)(V,{number:2,title:`Send a message`,isDone:n!==void 0,children:[(0,E.jsx)(j,{deviceCount:t}),(0,E.jsx)(`p`,{children:`Or from a terminal, or your own server:`}),(0,E.jsx)(p,{text:F(e),what:`the call that publishes`})]}),(0,E.jsxs)(V,{number:3,title:`See it arrive`,isDone:(n?.counts.accepted??0)>0,children:[(0,E.jsx)(O,{}),n===void 0?(0,E.jsx)(`p`,{children:`As soon as a message is sent, this says what became of it.`}):(0,E.jsxs)(`p`,{role:`status`,children:[`The latest message is `,(0,E.jsx)(c,{state:n.state}),`: `,m(n.counts.accepted),` `,`of `,h(n.audience,`device`),` took it.`]})]})]})}function G({ids:e}){let t=e=>(0,E.jsx)(p,{text:e,what:`the code that registers a device`});return(0,E.jsxs)(E.Fragment,{children:[Object.keys(e.keys).length===0&&(0,E.jsx)(s,{tone:`warn`,children:`Only somebody with the scope administer sees API keys here; ask for one and fill it in.`}),(0,E.jsx)(g,{label:`Language`,tabs:[{value:`curl`,label:`curl`,content:t(P(e))},{value:`javascript`,label:`JavaScript`,content:t(I(e))},{value:`swift`,label:`Swift`,content:t(L(e))},{value:`kotlin`,label:`Kotlin`,content:t(R(e))}]})]})}function K({children:e}){let{applicationId:n}=a(),i=u(`administer`),o=t.useQuery(`get`,`/admin/v1/applications/{applicationId}/keys`,{params:{path:{applicationId:n},query:{reveal:i}}});return(0,E.jsx)(r,{query:o,failure:`The API keys could not be read`,children:t=>{let r=t.keys.flatMap(({kind:e,key:t})=>t===void 0?[]:[[e,t]]);return e({url:location.origin,applicationId:n,keys:Object.fromEntries(r)})}})}function q(){let{applicationId:e}=a(),{data:n}=t.useQuery(`get`,`/admin/v1/applications/{applicationId}/overview`,{params:{path:{applicationId:e}}},{refetchInterval:H});return n===void 0?0:l(n.devices)}function J(){let{applicationId:e}=a(),{data:n}=t.useQuery(`get`,`/admin/v1/applications/{applicationId}/messages`,{params:{path:{applicationId:e},query:{limit:1}}},{refetchInterval:H});return n?.messages[0]}export{U as Start};