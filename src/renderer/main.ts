import { createPinia } from 'pinia'
import { createApp } from 'vue'
import App from './App.vue'
import { router } from './router.ts'
import { followEarlyAddress } from './shell/early-address.ts'
import { handleProblems } from './shell/problems.ts'
import { useRuns } from './stores/runs.ts'
import './styles/theme.css'
import './styles/base.css'

const app = createApp(App).use(createPinia()).use(router)
handleProblems(app, router, () => useRuns().info?.version)
followEarlyAddress(router)
app.mount('#app')
