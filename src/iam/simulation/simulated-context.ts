import { InvalidInput } from '../../../libs/aws/index.ts';
import { RequestContext } from '../../../libs/policy/index.ts';

/** One context key of a simulation (IAM API, `ContextEntry`). */
export interface ContextEntry {
  readonly ContextKeyName?: string;
  readonly ContextKeyValues?: readonly string[];
  readonly ContextKeyType?: string;
}

/** How the values of a type look; types that take any text are not here. */
const formats: Readonly<Record<string, RegExp>> = {
  numeric: /^[+-]?[0-9]+(\.[0-9]+)?$/,
  boolean: /^(true|false)$/i,
  ip: /^([0-9]{1,3}(\.[0-9]{1,3}){3}|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*)(\/[0-9]{1,3})?$/,
  binary: /^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/,
  date: /^([0-9]{1,12}|[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,9})?)?(Z|[+-][0-9]{2}:?[0-9]{2})?)?)$/,
};

/**
 * The context of a simulated request: what is known of its principal and its time, and the entries that came with the simulation, which win.
 *
 * @throws InvalidInput an entry without name or type, a value that is not of its type, several values of a type that has one
 */
export function simulatedContext(known: Readonly<Record<string, string>>, entries: readonly ContextEntry[] | undefined): RequestContext {
  const context = RequestContext.of(known);
  const seen = new Set<string>();
  (entries ?? []).forEach(({ ContextKeyName: name, ContextKeyType: type, ContextKeyValues: values = [] }, index) => {
    const location = `ContextEntries.${index + 1}`;
    if (name === undefined || type === undefined) throw new InvalidInput(`${location} needs ContextKeyName, ContextKeyType and ContextKeyValues.`);
    if (seen.has(name.toLowerCase())) throw new InvalidInput(`The context key ${name} is given more than once.`);
    seen.add(name.toLowerCase());
    checkValues(name, type, values);
    context.set(name, values);
  });
  return context;
}

function checkValues(name: string, type: string, values: readonly string[]): void {
  const isList = type.endsWith('List');
  if (!isList && values.length !== 1) throw new InvalidInput(`The context key ${name} of type ${type} must have exactly one value.`);
  const format = formats[isList ? type.slice(0, -'List'.length) : type];
  const wrong = format === undefined ? undefined : values.find((value) => !format.test(value));
  if (wrong !== undefined) throw new InvalidInput(`The value ${wrong} of the context key ${name} is not of type ${type}.`);
}
