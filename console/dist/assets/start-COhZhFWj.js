import{n as e}from"./rolldown-runtime-WkwZ5CU-.js";import{C as t,S as n,T as r,_ as i,b as a,g as o,n as s,v as c,x as l}from"./application-BEGKFHKw.js";import{t as u}from"./message-state-Ba9g5pF4.js";import{r as d}from"./platforms-D-Wkb-qo.js";import{d as f,s as p,y as m}from"./index-DzIPKwj1.js";import{n as h}from"./copy-CMg1jb6P.js";import{i as g,n as _}from"./format-xU7k43wL.js";import{t as v}from"./tabs-DdMX8tSW.js";import{i as y,n as b,r as x,t as S}from"./virtual-screen-BJFkD-he.js";import{D as C,w}from"./react-D3KWGXHc.js";/* empty css              */import{t as T}from"./check-B7bYrklq.js";var E=w(),D=3;function O(){let{applicationId:e}=s(),n=y(e).data?.phones??[];return n.length===0?null:(0,E.jsxs)(E.Fragment,{children:[(0,E.jsx)(`ul`,{className:`arrivals`,children:n.slice(0,D).map(e=>(0,E.jsx)(`li`,{children:(0,E.jsx)(S,{phone:e})},e.deviceId))}),(0,E.jsx)(`div`,{className:`row`,children:(0,E.jsx)(t,{to:o(e),children:`All virtual phones`})})]})}var k=e(C(),1);function A({deviceCount:e}){let{applicationId:t}=s(),i=f(`operate`),[o,c]=(0,k.useState)(`Hello from Belfry`),{mutate:l,isPending:u,data:d,error:p}=r.useMutation(`post`,`/admin/v1/applications/{applicationId}/messages`);return i?(0,E.jsxs)(E.Fragment,{children:[(0,E.jsxs)(`label`,{className:`field`,children:[(0,E.jsx)(`span`,{className:`field-label`,children:`Message`}),(0,E.jsx)(`input`,{className:`input`,value:o,maxLength:200,onChange:e=>c(e.target.value)})]}),(0,E.jsxs)(`div`,{className:`row`,children:[(0,E.jsxs)(n,{look:`primary`,isBusy:u,disabled:e===0||o.trim()===``,onClick:()=>l({params:{path:{applicationId:t}},body:{channel:`default`,message:o,headers:{"ios-alert-title":`It works`,"android-content-title":`It works`,"wp-title":`It works`}}}),children:[(0,E.jsx)(m,{size:16,"aria-hidden":!0}),`Send to everybody on default`]}),d!==void 0&&(0,E.jsxs)(`span`,{role:`status`,children:[`It is on its way to `,_(d.audience,`device`),`.`]})]}),p!==null&&(0,E.jsx)(a,{error:p})]}):null}function j(){let{mutate:e,params:t,isPending:r,error:i}=x();return f(`operate`)?(0,E.jsxs)(E.Fragment,{children:[(0,E.jsx)(`div`,{className:`row`,children:b.map(({os:i,label:a})=>(0,E.jsxs)(n,{look:`primary`,isBusy:r,onClick:()=>e({params:t,body:{os:i}}),children:[`Add a virtual `,a]},i))}),i!==null&&(0,E.jsx)(a,{error:i})]}):null}var M=`test-device`;function N(e){let t=JSON.stringify({deviceToken:`test-token`,deviceId:M,os:`ANDROID`,osVersion:`16`,channels:[`default`]});return[`curl -X POST '${R(e,`REST`)}/messaging/registrations' \\`,`  -H 'Content-Type: application/json' \\`,`  -d '${t}'`].join(`
`)}function P(e){return[`curl -X POST '${R(e,`REST`)}/messaging/default' \\`,`  -H 'Content-Type: application/json' \\`,`  -d '${JSON.stringify({message:`Hello from Belfry`})}'`].join(`
`)}function F(e){return`import Backendless from "backendless"

Backendless.serverURL = "${e.url}"
Backendless.initApp("${e.applicationId}", "${z(e,`JS`)}")
Backendless.setupDevice({ uuid: "${M}", platform: "android", version: "16" })

await Backendless.Messaging.registerDevice("test-token", ["default"])`}function I(e){return`import SwiftSDK

// In the application delegate, after registerForRemoteNotifications()
func application(_ application: UIApplication,
                 didRegisterForRemoteNotificationsWithDeviceToken deviceToken: Data) {
    Backendless.shared.hostUrl = "${e.url}"
    Backendless.shared.initApp(applicationId: "${e.applicationId}",
                               apiKey: "${z(e,`IOS`)}")
    Backendless.shared.messaging.registerDevice(
        deviceToken: deviceToken,
        channels: ["default"],
        responseHandler: { registrationId in print("Registered: \\(registrationId)") },
        errorHandler: { fault in print("Refused: \\(fault.message ?? "")") })
}`}function L(e){return`import com.google.firebase.messaging.FirebaseMessagingService
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
        val url = URL("${R(e,`ANDROID`)}/messaging/registrations")
        with(url.openConnection() as HttpURLConnection) {
            requestMethod = "POST"
            doOutput = true
            setRequestProperty("Content-Type", "application/json")
            outputStream.use { it.write(body.toString().toByteArray()) }
            check(responseCode == 200) { errorStream.bufferedReader().readText() }
        }
    }
}`}function R(e,t){return`${e.url}/${e.applicationId}/${z(e,t)}`}function z({keys:e},t){return e[t]??`<${t} API key>`}function B({number:e,title:t,isDone:n,children:r}){return(0,E.jsxs)(`li`,{className:`step`,children:[(0,E.jsx)(`span`,{className:`step-mark`,"data-done":n?``:void 0,children:n?(0,E.jsx)(T,{size:18,"aria-label":`Done`}):e}),(0,E.jsx)(p,{title:t,children:(0,E.jsx)(`div`,{className:`stack`,children:r})})]})}var V=1500;function H(){return(0,E.jsx)(i,{title:`Get started`,lead:`Register a device, send it a message, see it arrive. Each step is ticked off as soon as the server has seen it.`,children:(0,E.jsx)(G,{children:e=>(0,E.jsx)(U,{ids:e})})})}function U({ids:e}){let t=K(),n=q();return(0,E.jsxs)(`ol`,{className:`steps`,children:[(0,E.jsxs)(B,{number:1,title:`Register a device`,isDone:t>0,children:[(0,E.jsx)(`p`,{children:`A virtual phone lives in the sandbox of this server: it needs no account of Apple, Google or Microsoft, and no phone.`}),(0,E.jsx)(j,{}),(0,E.jsx)(`p`,{children:`An app does the same whenever it starts, with a few lines that have your ids in them already:`}),(0,E.jsx)(W,{ids:e}),(0,E.jsx)(`p`,{role:`status`,children:t===0?`Waiting for the first device…`:`${_(t,`device`)} registered.`})]}),(0,E.jsxs)(B,{number:2,title:`Send a message`,isDone:n!==void 0,children:[(0,E.jsx)(A,{deviceCount:t}),(0,E.jsx)(`p`,{children:`Or from a terminal, or your own server:`}),(0,E.jsx)(h,{text:P(e),what:`the call that publishes`})]}),(0,E.jsxs)(B,{number:3,title:`See it arrive`,isDone:(n?.counts.accepted??0)>0,children:[(0,E.jsx)(O,{}),n===void 0?(0,E.jsx)(`p`,{children:`As soon as a message is sent, this says what became of it.`}):(0,E.jsxs)(`p`,{role:`status`,children:[`The latest message is `,(0,E.jsx)(u,{state:n.state}),`: `,g(n.counts.accepted),` `,`of `,_(n.audience,`device`),` took it.`]})]})]})}function W({ids:e}){let t=e=>(0,E.jsx)(h,{text:e,what:`the code that registers a device`});return(0,E.jsxs)(E.Fragment,{children:[Object.keys(e.keys).length===0&&(0,E.jsx)(l,{tone:`warn`,children:`Only somebody with the scope administer sees API keys here; ask for one and fill it in.`}),(0,E.jsx)(v,{label:`Language`,tabs:[{value:`curl`,label:`curl`,content:t(N(e))},{value:`javascript`,label:`JavaScript`,content:t(F(e))},{value:`swift`,label:`Swift`,content:t(I(e))},{value:`kotlin`,label:`Kotlin`,content:t(L(e))}]})]})}function G({children:e}){let{applicationId:t}=s(),n=f(`administer`),i=r.useQuery(`get`,`/admin/v1/applications/{applicationId}/keys`,{params:{path:{applicationId:t},query:{reveal:n}}});return(0,E.jsx)(c,{query:i,failure:`The API keys could not be read`,children:n=>{let r=n.keys.flatMap(({kind:e,key:t})=>t===void 0?[]:[[e,t]]);return e({url:location.origin,applicationId:t,keys:Object.fromEntries(r)})}})}function K(){let{applicationId:e}=s(),{data:t}=r.useQuery(`get`,`/admin/v1/applications/{applicationId}/overview`,{params:{path:{applicationId:e}}},{refetchInterval:V});return t===void 0?0:d(t.devices)}function q(){let{applicationId:e}=s(),{data:t}=r.useQuery(`get`,`/admin/v1/applications/{applicationId}/messages`,{params:{path:{applicationId:e},query:{limit:1}}},{refetchInterval:V});return t?.messages[0]}export{H as Start};