import{n as e}from"./rolldown-runtime-WkwZ5CU-.js";import{D as t,E as n,S as r,T as i,k as a,n as o,w as s,x as c,y as l}from"./application-OiHSBN-i.js";import{t as u}from"./message-state-DdHKDnmu.js";import{t as d}from"./outcome-DEHnm2av.js";import{r as f}from"./platforms-D-Wkb-qo.js";import{d as p,s as m,y as h}from"./index-B-NwN_PM.js";import{n as g}from"./copy-C-66MUfA.js";import{i as _,n as v}from"./format-CT8Hyplz.js";import{t as y}from"./tabs-CYKwFgn1.js";import{i as b,n as x,r as S,t as C}from"./virtual-screen-lyPNEtdQ.js";import{A as w,D as T}from"./react-CGZsH_CS.js";/* empty css              */import{t as E}from"./check-C-WuNQfV.js";var D=T(),O=3;function k(){let{applicationId:e}=o(),n=b(e).data?.phones??[];return n.length===0?null:(0,D.jsxs)(D.Fragment,{children:[(0,D.jsx)(`ul`,{className:`arrivals`,children:n.slice(0,O).map(e=>(0,D.jsx)(`li`,{children:(0,D.jsx)(C,{phone:e})},e.deviceId))}),(0,D.jsx)(`div`,{className:`row`,children:(0,D.jsx)(t,{to:l(e),children:`All virtual phones`})})]})}var A=e(w(),1);function j({deviceCount:e}){let{applicationId:t}=o(),r=p(`operate`),[i,c]=(0,A.useState)(`Hello from Belfry`),{mutate:l,isPending:u,data:d,error:f}=a.useMutation(`post`,`/admin/v1/applications/{applicationId}/messages`);return r?(0,D.jsxs)(D.Fragment,{children:[(0,D.jsxs)(`label`,{className:`field`,children:[(0,D.jsx)(`span`,{className:`field-label`,children:`Message`}),(0,D.jsx)(`input`,{className:`input`,value:i,maxLength:200,onChange:e=>c(e.target.value)})]}),(0,D.jsxs)(`div`,{className:`row`,children:[(0,D.jsxs)(n,{look:`primary`,isBusy:u,disabled:e===0||i.trim()===``,onClick:()=>l({params:{path:{applicationId:t}},body:{channel:`default`,message:i,headers:{"ios-alert-title":`It works`,"android-content-title":`It works`,"wp-title":`It works`}}}),children:[(0,D.jsx)(h,{size:16,"aria-hidden":!0}),`Send to everybody on default`]}),d!==void 0&&(0,D.jsxs)(`span`,{role:`status`,children:[`It is on its way to `,v(d.audience,`device`),`.`]})]}),f!==null&&(0,D.jsx)(s,{error:f})]}):(0,D.jsx)(`p`,{className:`soft`,children:`Sending one from here needs the scope operate.`})}function M(){let{mutate:e,params:t,isPending:r,error:i}=S();return p(`operate`)?(0,D.jsxs)(D.Fragment,{children:[(0,D.jsx)(`div`,{className:`row`,children:x.map(({os:i,label:a})=>(0,D.jsxs)(n,{look:`primary`,isBusy:r,onClick:()=>e({params:t,body:{os:i}}),children:[`Add a virtual `,a]},i))}),i!==null&&(0,D.jsx)(s,{error:i})]}):(0,D.jsx)(`p`,{className:`soft`,children:`Adding one here needs the scope operate.`})}var N=`test-device`;function P(e){let t=JSON.stringify({deviceToken:`test-token`,deviceId:N,os:`ANDROID`,osVersion:`16`,channels:[`default`]});return[`curl -X POST '${z(e,`REST`)}/messaging/registrations' \\`,`  -H 'Content-Type: application/json' \\`,`  -d '${t}'`].join(`
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
}`}function z(e,t){return`${e.url}/${e.applicationId}/${B(e,t)}`}function B({keys:e},t){return e[t]??`<${t} API key>`}function V({number:e,title:t,isDone:n,children:r}){return(0,D.jsxs)(`li`,{className:`step`,children:[(0,D.jsx)(`span`,{className:`step-mark`,"data-done":n?``:void 0,children:n?(0,D.jsx)(E,{size:18,"aria-label":`Done`}):e}),(0,D.jsx)(m,{title:t,children:(0,D.jsx)(`div`,{className:`stack`,children:r})})]})}var H=1500;function U(){return(0,D.jsx)(c,{title:`Get started`,lead:`Register a device, send it a message, see it arrive. Each step is ticked off as soon as the server has seen it.`,children:(0,D.jsx)(K,{children:e=>(0,D.jsx)(W,{ids:e})})})}function W({ids:e}){let t=q(),n=J();return(0,D.jsxs)(`ol`,{className:`steps`,children:[(0,D.jsxs)(V,{number:1,title:`Register a device`,isDone:t>0,children:[(0,D.jsx)(`p`,{children:`A virtual phone lives in the sandbox of this server: it needs no account of Apple, Google or Microsoft, and no phone.`}),(0,D.jsx)(M,{}),(0,D.jsx)(`p`,{children:`An app does the same whenever it starts, with a few lines that have your ids in them already:`}),(0,D.jsx)(G,{ids:e}),(0,D.jsx)(`p`,{role:`status`,children:t===0?`Waiting for the first device…`:`${v(t,`device`)} registered.`})]}),(0,D.jsxs)(V,{number:2,title:`Send a message`,isDone:n!==void 0,children:[(0,D.jsx)(j,{deviceCount:t}),(0,D.jsx)(`p`,{children:`Or from a terminal, or your own server:`}),(0,D.jsx)(g,{text:F(e),what:`the call that publishes`})]}),(0,D.jsxs)(V,{number:3,title:`See it arrive`,isDone:n!==void 0&&d(n.counts)>0,children:[(0,D.jsx)(k,{}),n===void 0?(0,D.jsx)(`p`,{children:`As soon as a message is sent, this says what became of it.`}):(0,D.jsxs)(`p`,{role:`status`,children:[`The latest message is `,(0,D.jsx)(u,{state:n.state}),`:`,` `,_(d(n.counts)),` of `,v(n.audience,`device`),` took it.`]})]})]})}function G({ids:e}){let t=e=>(0,D.jsx)(g,{text:e,what:`the code that registers a device`});return(0,D.jsxs)(D.Fragment,{children:[Object.keys(e.keys).length===0&&(0,D.jsx)(i,{tone:`warn`,children:`Only somebody with the scope administer sees API keys here; ask for one and fill it in.`}),(0,D.jsx)(y,{label:`Language`,tabs:[{value:`curl`,label:`curl`,content:t(P(e))},{value:`javascript`,label:`JavaScript`,content:t(I(e))},{value:`swift`,label:`Swift`,content:t(L(e))},{value:`kotlin`,label:`Kotlin`,content:t(R(e))}]})]})}function K({children:e}){let{applicationId:t}=o(),n=p(`administer`),i=a.useQuery(`get`,`/admin/v1/applications/{applicationId}/keys`,{params:{path:{applicationId:t},query:{reveal:n}}},{staleTime:1/0,refetchOnWindowFocus:!1,refetchOnReconnect:!1});return(0,D.jsx)(r,{query:i,failure:`The API keys could not be read`,children:n=>{let r=n.keys.flatMap(({kind:e,key:t})=>t===void 0?[]:[[e,t]]);return e({url:location.origin,applicationId:t,keys:Object.fromEntries(r)})}})}function q(){let{applicationId:e}=o(),{data:t}=a.useQuery(`get`,`/admin/v1/applications/{applicationId}/overview`,{params:{path:{applicationId:e}}},{refetchInterval:H});return t===void 0?0:f(t.devices)}function J(){let{applicationId:e}=o(),{data:t}=a.useQuery(`get`,`/admin/v1/applications/{applicationId}/messages`,{params:{path:{applicationId:e},query:{limit:1}}},{refetchInterval:H});return t?.messages[0]}export{U as Start};