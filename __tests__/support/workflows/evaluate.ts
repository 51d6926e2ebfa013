import { isDeepStrictEqual } from "node:util";
import type { WorkflowValue as Value } from "../../../constructs/workflow-source";
import { raised } from "./errors";
import { type Expression, parse } from "./expression";
import type { Functions } from "./functions";
import { asBoolean, asNumber, asText, isList, isMap } from "./values";

/** What expressions refer to. */
export interface Names {
  readonly variable: (name: string) => Value;
  readonly functions: Functions;
}

/** A value of the source code with its expressions evaluated, at any depth, keys of maps included. */
export function evaluated(value: Value | undefined, names: Names): Value {
  if (typeof value === "string") {
    const inner = /^\$\{(.*)\}$/s.exec(value)?.[1];
    return inner === undefined ? value : evaluate(parse(inner), names);
  }
  if (isList(value)) return value.map((item) => evaluated(item, names));
  if (!isMap(value)) return value ?? null;
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => [asText(evaluated(key, names)), evaluated(part, names)]),
  );
}

/** https://cloud.google.com/workflows/docs/reference/syntax/expressions */
export function evaluate(of: Expression, names: Names): Value {
  switch (of.kind) {
    case "literal":
      return of.value;
    case "variable":
      return names.variable(of.name);
    case "list":
      return of.items.map((item) => evaluate(item, names));
    case "member":
      return member(evaluate(of.of, names), evaluate(of.key, names));
    case "call": {
      const called = names.functions[of.name];
      if (called === undefined) throw new Error(`there is no function ${of.name}`);
      return called(...of.args.map((arg) => evaluate(arg, names)));
    }
    case "unary": {
      const value = evaluate(of.of, names);
      return of.operator === "not" ? !asBoolean(value) : -asNumber(value);
    }
    case "binary":
      return binary(of.operator, of.left, of.right, names);
  }
}

/** A KeyError or an IndexError for what is not there. .../docs/reference/syntax/error-types */
function member(of: Value, key: Value): Value {
  if (isList(of)) {
    const found = of[asNumber(key)];
    if (found === undefined) throw raised("IndexError", `index ${asNumber(key)} of ${of.length} items`);
    return found;
  }
  if (!isMap(of)) throw raised("TypeError", `${JSON.stringify(of)} has no key ${asText(key)}`);
  const found = Object.hasOwn(of, asText(key)) ? of[asText(key)] : undefined;
  if (found === undefined) throw raised("KeyError", `key not found: ${asText(key)}`);
  return found;
}

function binary(operator: string, one: Expression, other: Expression, names: Names): Value {
  const left = evaluate(one, names);
  if (operator === "and" && !asBoolean(left)) return false;
  if (operator === "or" && asBoolean(left)) return true;
  const right = evaluate(other, names);
  switch (operator) {
    case "and":
    case "or":
      return asBoolean(right);
    case "==":
      return isDeepStrictEqual(left, right);
    case "!=":
      return !isDeepStrictEqual(left, right);
    case "in":
      if (isMap(right)) return Object.hasOwn(right, asText(left));
      // "The argument of 'in' must be a dict or an array; got: null" is what executions report.
      if (!isList(right))
        throw raised("TypeError", `"in" needs a map or a list, not ${JSON.stringify(right)}`);
      return right.some((item) => isDeepStrictEqual(item, left));
    case "+":
      if (typeof left === "string" && typeof right === "string") return left + right;
      return asNumber(left) + asNumber(right);
    case "-":
      return asNumber(left) - asNumber(right);
    case "*":
      return asNumber(left) * asNumber(right);
    case "/":
      return asNumber(left) / divisor(right);
    case "//":
      return Math.floor(asNumber(left) / divisor(right));
    case "%":
      return asNumber(left) % divisor(right);
    case "<":
      return asNumber(left) < asNumber(right);
    case "<=":
      return asNumber(left) <= asNumber(right);
    case ">":
      return asNumber(left) > asNumber(right);
    case ">=":
      return asNumber(left) >= asNumber(right);
    default:
      throw new Error(`there is no operator ${operator}`);
  }
}

function divisor(value: Value): number {
  if (asNumber(value) === 0) throw raised("ZeroDivisionError", "division by zero");
  return asNumber(value);
}
