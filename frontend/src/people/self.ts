/** The person here: their name and colour. A colour that was chosen by chance changes if another person has it. */
import type { Listener } from "../link/events";
import type { ClientMessage, Joined, Profile } from "../link/protocol";
import type { Company } from "./company";
import { ownColour } from "./people";

export class Self {
  readonly #company: Company;
  readonly #send: (message: ClientMessage) => void;
  /** Tells whether the colour may change if another person has it. */
  #givesWay: boolean;
  readonly listener: Listener = { joined: ({ people }) => this.#giveWay(people) };

  constructor(company: Company, send: (message: ClientMessage) => void, chosen: boolean) {
    this.#company = company;
    this.#send = send;
    this.#givesWay = !chosen;
  }

  /** Take this name and colour. If `chosen`, keep the colour even if others have it. */
  introduce(name: string, colour: number, chosen: boolean): void {
    this.#givesWay = !chosen;
    this.#introduce({ ...this.#company.self, name, colour });
  }

  #giveWay(others: Joined["people"]): void {
    const { self } = this.#company;
    const colour = this.#givesWay ? ownColour(self, others) : self.colour;
    if (colour !== self.colour) this.#introduce({ ...self, colour });
  }

  #introduce(self: Profile): void {
    this.#company.self = self;
    this.#send({ type: "profile", name: self.name, colour: self.colour });
  }
}
