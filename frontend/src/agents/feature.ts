import type { Feature } from "../feature";

declare module "../link/protocol" {
  interface FeatureMessages {
    stop_agent: { client: ClientId };
  }
}

/** Agents, programs that act for a person: who they are, and how people stop them and take back what they did. */
export const agents: Feature = {
  id: "agents",
  ofPerson: async () => (await import("./AgentPart")).AgentPart,
};
