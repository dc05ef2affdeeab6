import{n as e}from"./rolldown-runtime-WkwZ5CU-.js";import{O as t,j as n}from"./react-7Vc68lT6.js";import{D as r,E as i,S as a,T as o,h as s,k as c,n as l,w as u,x as d,y as f}from"./application-LCwoEQD-.js";import{S as p,k as m,l as h,p as g,r as _}from"./index-CdR_3s2D.js";import{t as v}from"./message-state-CUH8cP46.js";import{t as y}from"./outcome-DEHnm2av.js";import{r as b}from"./platforms-D-Wkb-qo.js";import{n as x}from"./copy-D9JylBr0.js";import{i as S,n as C}from"./format-CT8Hyplz.js";import{t as w}from"./tabs-BhmehoTI.js";import{i as T,n as E,r as D,t as O}from"./virtual-screen-JK0KxSXH.js";/* empty css              */import{t as k}from"./check-fn9C1O6f.js";var A=e(n(),1),j=t(),M=3;function N(){let{applicationId:e}=l(),t=T(e).data?.phones??[];return t.length===0?null:(0,j.jsxs)(j.Fragment,{children:[(0,j.jsx)(`ul`,{className:`arrivals`,children:t.slice(0,M).map(e=>(0,j.jsx)(`li`,{children:(0,j.jsx)(O,{phone:e})},e.deviceId))}),(0,j.jsx)(`div`,{className:`row`,children:(0,j.jsx)(r,{to:f(e),children:`All virtual phones`})})]})}function P({deviceCount:e,reachesPhones:t}){let{applicationId:n}=l(),r=g(`operate`),[a,o]=(0,A.useState)(`Hello from Belfry`),{mutate:s,isPending:d,data:f,error:m}=c.useMutation(`post`,`/admin/v1/applications/{applicationId}/messages`);return r?t?(0,j.jsx)(F,{}):(0,j.jsxs)(j.Fragment,{children:[(0,j.jsxs)(`label`,{className:`field`,children:[(0,j.jsx)(`span`,{className:`field-label`,children:`Message`}),(0,j.jsx)(`input`,{className:`input`,value:a,maxLength:200,onChange:e=>o(e.target.value)})]}),(0,j.jsxs)(`div`,{className:`row`,children:[(0,j.jsxs)(i,{look:`primary`,isBusy:d,disabled:e===0||a.trim()===``,onClick:()=>s({params:{path:{applicationId:n}},body:{channel:`default`,message:a,headers:{"ios-alert-title":`It works`,"android-content-title":`It works`,"wp-title":`It works`}}}),children:[(0,j.jsx)(p,{size:16,"aria-hidden":!0}),`Send to everybody on default`]}),f!==void 0&&(0,j.jsxs)(`span`,{role:`status`,children:[`It is on its way to `,C(f.audience,`device`),`.`]})]}),m!==null&&(0,j.jsx)(u,{error:m})]}):(0,j.jsx)(`p`,{className:`soft`,children:`Sending one from here needs the scope operate.`})}function F(){let{applicationId:e}=l();return(0,j.jsxs)(j.Fragment,{children:[(0,j.jsx)(`p`,{children:`This application reaches real phones. Compose shows how many a message is for, and asks before they ring.`}),(0,j.jsx)(`div`,{className:`row`,children:(0,j.jsx)(r,{to:s(e),look:`primary`,children:`Write a message`})})]})}function I(){let{mutate:e,params:t,isPending:n,error:r}=D();return g(`operate`)?(0,j.jsxs)(j.Fragment,{children:[(0,j.jsx)(`div`,{className:`row`,children:E.map(({os:r,label:a})=>(0,j.jsxs)(i,{look:`primary`,isBusy:n,onClick:()=>e({params:t,body:{os:r}}),children:[`Add a virtual `,a]},r))}),r!==null&&(0,j.jsx)(u,{error:r})]}):(0,j.jsx)(`p`,{className:`soft`,children:`Adding one here needs the scope operate.`})}var L=`test-device`;function R(e){let t=JSON.stringify({deviceToken:`test-token`,deviceId:L,os:`ANDROID`,osVersion:`16`,channels:[`default`]});return[`curl -X POST '${U(e,`REST`)}/messaging/registrations' \\`,`  -H 'Content-Type: application/json' \\`,`  -d '${t}'`].join(`
`)}function z(e){return[`curl -X POST '${U(e,`REST`)}/messaging/default' \\`,`  -H 'Content-Type: application/json' \\`,`  -d '${JSON.stringify({message:`Hello from Belfry`})}'`].join(`
`)}function B(e){return`import Backendless from "backendless"

Backendless.serverURL = "${e.url}"
Backendless.initApp("${e.applicationId}", "${W(e,`JS`)}")
Backendless.setupDevice({ uuid: "${L}", platform: "android", version: "16" })

await Backendless.Messaging.registerDevice("test-token", ["default"])`}function V(e){return`import SwiftSDK

// In the application delegate, after registerForRemoteNotifications()
func application(_ application: UIApplication,
                 didRegisterForRemoteNotificationsWithDeviceToken deviceToken: Data) {
    Backendless.shared.hostUrl = "${e.url}"
    Backendless.shared.initApp(applicationId: "${e.applicationId}",
                               apiKey: "${W(e,`IOS`)}")
    Backendless.shared.messaging.registerDevice(
        deviceToken: deviceToken,
        channels: ["default"],
        responseHandler: { registrationId in print("Registered: \\(registrationId)") },
        errorHandler: { fault in print("Refused: \\(fault.message ?? "")") })
}`}function H(e){return`import com.google.firebase.messaging.FirebaseMessagingService
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
        val url = URL("${U(e,`ANDROID`)}/messaging/registrations")
        with(url.openConnection() as HttpURLConnection) {
            requestMethod = "POST"
            doOutput = true
            setRequestProperty("Content-Type", "application/json")
            outputStream.use { it.write(body.toString().toByteArray()) }
            check(responseCode == 200) { errorStream.bufferedReader().readText() }
        }
    }
}`}function U(e,t){return`${e.url}/${e.applicationId}/${W(e,t)}`}function W({keys:e},t){return e[t]??`<${t} API key>`}function G({number:e,title:t,isDone:n,children:r}){return(0,j.jsxs)(`li`,{className:`step`,children:[(0,j.jsx)(`span`,{className:`step-mark`,"data-done":n?``:void 0,children:n?(0,j.jsx)(k,{size:18,"aria-label":`Done`}):e}),(0,j.jsx)(h,{title:t,children:(0,j.jsx)(`div`,{className:`stack`,children:r})})]})}var K=1500;function q(){return(0,j.jsx)(d,{title:`Get started`,lead:`Register a device, send it a message, see it arrive. Each step is ticked off as soon as the server has seen it.`,children:(0,j.jsx)(X,{children:e=>(0,j.jsx)(J,{ids:e})})})}function J({ids:e}){let{deviceCount:t,reachesPhones:n}=Z(),r=Q();return(0,j.jsxs)(`ol`,{className:`steps`,children:[(0,j.jsxs)(G,{number:1,title:`Register a device`,isDone:t>0,children:[(0,j.jsx)(`p`,{children:`A virtual phone lives in the sandbox of this server: it needs no account of Apple, Google or Microsoft, and no phone.`}),(0,j.jsx)(I,{}),(0,j.jsx)(`p`,{children:`An app does the same whenever it starts, with a few lines that have your ids in them already:`}),(0,j.jsx)(Y,{ids:e}),(0,j.jsx)(`p`,{role:`status`,children:t===0?`Waiting for the first device…`:`${C(t,`device`)} registered.`})]}),(0,j.jsxs)(G,{number:2,title:`Send a message`,isDone:r!==void 0,children:[(0,j.jsx)(P,{deviceCount:t,reachesPhones:n}),(0,j.jsx)(`p`,{children:`Or from a terminal, or your own server:`}),(0,j.jsx)(x,{text:z(e),what:`the call that publishes`})]}),(0,j.jsxs)(G,{number:3,title:`See it arrive`,isDone:r!==void 0&&y(r.counts)>0,children:[(0,j.jsx)(N,{}),r===void 0?(0,j.jsx)(`p`,{children:`As soon as a message is sent, this says what became of it.`}):(0,j.jsxs)(`p`,{role:`status`,children:[`The latest message is `,(0,j.jsx)(v,{state:r.state}),`:`,` `,S(y(r.counts)),` of `,C(r.audience,`device`),` took it.`]})]})]})}function Y({ids:e}){let t=e=>(0,j.jsx)(x,{text:e,what:`the code that registers a device`});return(0,j.jsxs)(j.Fragment,{children:[Object.keys(e.keys).length===0&&(0,j.jsx)(o,{tone:`warn`,children:`Only somebody with the scope administer sees API keys here; ask for one and fill it in.`}),(0,j.jsx)(w,{label:`Language`,tabs:[{value:`curl`,label:`curl`,content:t(R(e))},{value:`javascript`,label:`JavaScript`,content:t(B(e))},{value:`swift`,label:`Swift`,content:t(V(e))},{value:`kotlin`,label:`Kotlin`,content:t(H(e))}]})]})}function X({children:e}){let{applicationId:t}=l(),n=g(`administer`),r=c.useQuery(`get`,`/admin/v1/applications/{applicationId}/keys`,{params:{path:{applicationId:t},query:{reveal:n}}},{staleTime:1/0,refetchOnWindowFocus:!1,refetchOnReconnect:!1,meta:m}),[,i]=(0,A.useReducer)(e=>e+1,0);return _(i),(0,j.jsx)(a,{query:r,failure:`The API keys could not be read`,children:n=>{let r=n.keys.flatMap(({kind:e,key:t})=>t===void 0?[]:[[e,t]]);return e({url:location.origin,applicationId:t,keys:Object.fromEntries(r)})}})}function Z(){let{applicationId:e}=l(),{data:t}=c.useQuery(`get`,`/admin/v1/applications/{applicationId}/overview`,{params:{path:{applicationId:e}}},{refetchInterval:K});if(t===void 0)return{deviceCount:0,reachesPhones:!1};let{devices:n,delivery:r}=t;return{deviceCount:b(n),reachesPhones:r.some(({platform:e,to:t})=>t===`provider`&&n[e]>0)}}function Q(){let{applicationId:e}=l(),{data:t}=c.useQuery(`get`,`/admin/v1/applications/{applicationId}/messages`,{params:{path:{applicationId:e},query:{limit:1}}},{refetchInterval:K});return t?.messages[0]}export{q as Start};