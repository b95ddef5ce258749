/** Where defaults come from, as `SettingNotes.source` names it. */
export const ours = 'own experiments on training tasks (docs/method.md, Defaults)'
export const omnisafe = 'OmniSafe configs/on-policy/TRPOLag.yaml'
