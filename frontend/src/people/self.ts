/** The person here among the others: their name, and a colour that gives way where chance chose it. */
import type { Listener } from "../link/exchange";
import type { ClientMessage, Joined, Profile } from "../link/protocol";
import type { Company } from "./company";
import { ownColour } from "./people";

export class Self {
  readonly #company: Company;
  readonly #send: (message: ClientMessage) => void;
  /** Whether the colour may be another where somebody has it. */
  #givesWay: boolean;
  readonly listener: Listener = { joined: ({ people }) => this.#giveWay(people) };

  constructor(company: Company, send: (message: ClientMessage) => void, chosen: boolean) {
    this.#company = company;
    this.#send = send;
    this.#givesWay = !chosen;
  }

  /** Be called this, and have this colour; `chosen`: whoever else has it. */
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
