import type { ShopData } from "../domain/load/plan.ts";

/** compareShopData says in sentences in what the arms' data differ; none means that both arms can be given the same work. */
export function compareShopData(baseline: ShopData, candidate: ShopData): readonly string[] {
  return [
    ...compareLists("products", baseline.products, candidate.products),
    ...compareLists("partners", baseline.partners, candidate.partners),
    ...compareLists("stock locations", baseline.stockLocations, candidate.stockLocations),
    ...compareLists("ready pickings", baseline.pickings, candidate.pickings),
    ...compareIds("picking type", baseline.pickingTypeId, candidate.pickingTypeId),
    ...compareIds("payment provider", baseline.providerId, candidate.providerId),
    ...compareIds("payment method", baseline.paymentMethodId, candidate.paymentMethodId),
    ...compareIds("delivery method", baseline.carrierId, candidate.carrierId),
    ...compareIds("country", baseline.countryId, candidate.countryId),
    ...compareIds("cashier", baseline.store.cashierId, candidate.store.cashierId),
    ...compareLists("tills", baseline.store.tills, candidate.store.tills),
    ...compareLists("products of the tills", baseline.store.products, candidate.store.products),
  ];
}

function compareLists(word: string, left: readonly unknown[], right: readonly unknown[]): readonly string[] {
  if (left.length !== right.length) {
    return [`The baseline has ${left.length} ${word}, the candidate ${right.length}`];
  }
  const at = left.findIndex((entry, index) => JSON.stringify(entry) !== JSON.stringify(right[index]));
  if (at < 0) return [];
  return [`The ${word} differ, first ${JSON.stringify(left[at])} and ${JSON.stringify(right[at])}`];
}

function compareIds(word: string, left: number, right: number): readonly string[] {
  return left === right ? [] : [`The ${word} has id ${left} in the baseline and ${right} in the candidate`];
}
