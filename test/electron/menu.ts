// `Menu` of the stand-in: the template as a tree of items that can be found by id and clicked.
import type { MenuItemConstructorOptions } from 'electron'

export class Menu {
  static #application: Menu | null = null
  static buildFromTemplate = (template: readonly MenuItemConstructorOptions[]) => new Menu(template)
  static setApplicationMenu = (menu: Menu | null) => void (Menu.#application = menu)
  static getApplicationMenu = () => Menu.#application

  readonly items: readonly MenuItem[]
  constructor(template: readonly MenuItemConstructorOptions[]) {
    this.items = template.map((options) => new MenuItem(options))
  }

  getMenuItemById(id: string): MenuItem | null {
    for (const item of this.items) {
      const found = item.id === id ? item : item.submenu?.getMenuItemById(id)
      if (found) return found
    }
    return null
  }
}

class MenuItem {
  readonly id: string | undefined
  readonly label: string
  readonly role: string | undefined
  readonly accelerator: string | undefined
  readonly submenu: Menu | undefined
  readonly click: () => void

  constructor({ id, label, role, accelerator, submenu, click }: MenuItemConstructorOptions) {
    this.id = id
    this.label = label ?? role ?? ''
    this.role = role
    this.accelerator = typeof accelerator === 'string' ? accelerator : undefined
    this.submenu = Array.isArray(submenu) ? new Menu(submenu) : undefined
    this.click = () => (click as (() => void) | undefined)?.()
  }
}
