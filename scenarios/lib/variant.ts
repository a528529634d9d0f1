/** variantOf finds the implementation for the server's variant. The plan names the variant of each capability that its scenarios require. */
export function variantOf<Name extends string, Variant>(
  variants: Readonly<Record<Name, Variant>>,
  name: Name | undefined,
): Variant {
  if (name === undefined) throw new Error(`the plan does not name the variant: ${Object.keys(variants).join(" or ")}`);
  return variants[name];
}
