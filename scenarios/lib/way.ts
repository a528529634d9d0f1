/** wayOf looks up how the server does something. The plan names every way that its scenarios need, so none is a fault of the plan. */
export function wayOf<Name extends string, Way>(ways: Readonly<Record<Name, Way>>, name: Name | undefined): Way {
  if (name === undefined) throw new Error(`the plan does not say which way it is: ${Object.keys(ways).join(" or ")}`);
  return ways[name];
}
