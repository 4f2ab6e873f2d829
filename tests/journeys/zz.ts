import { openBrowser, takeScreenshot } from '@holdfast/testkit/browser'
import { startStack, stackAdmin } from '@holdfast/testkit/stack'
import { createApi, endpointOf } from './seed.ts'
import { signInAt, visit, whenStill } from './visit.ts'
import { writeFileSync } from 'node:fs'
const s=await startStack(); const b=await openBrowser(); const {page}=b
page.on('console',m=>m.type()==='error'&&console.log('CONSOLE',m.text())); page.on('response',r=>{if(r.url().includes('/import')||r.url().includes('operations'))console.log(r.status(),r.request().method(),r.url())})
const admin={url:s.url,...(await s.signIn(stackAdmin.login,stackAdmin.password))}
const people=await createApi(admin,'person','/api/people',[{name:'name',type:'string',required:true},{name:'age',type:'number'}])
await signInAt(page,s.url); await visit(page,`${s.url}/build/records/${endpointOf(people,'GET').id}/import`)
writeFileSync('/tmp/cb/p.csv','name,age\n'+Array.from({length:50000},(_,i)=>((i+1)%10000===0?'':'P'+i)+','+i%90).join('\n'))
await page.getByLabel('File to import').setInputFiles('/tmp/cb/p.csv')
const t=performance.now(); await page.waitForTimeout(3000); console.log(page.url()); await takeScreenshot(page,'zz1'); await page.waitForTimeout(12000); await takeScreenshot(page,'zz2'); 
console.log((await (await fetch(s.url+'/api/operations',{headers:{authorization:`Bearer ${admin.token}`}})).text()).slice(0,900))
await b.close(); await s.stop()
