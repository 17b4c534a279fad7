import type { Shape } from './shape-validation.ts';

const shapesByClass = new Map<unknown, Map<string, Shape>>();

/** Member name → shape of an operation's input class. */
export function shapesOf(commandClass: unknown): Map<string, Shape> {
  let shapes = shapesByClass.get(commandClass);
  if (shapes === undefined) {
    const parent = Object.getPrototypeOf(commandClass) as unknown;
    shapes = new Map(typeof parent === 'function' && parent !== Function.prototype ? shapesOf(parent) : []);
    shapesByClass.set(commandClass, shapes);
  }
  return shapes;
}
