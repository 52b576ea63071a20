/** Hocuspocus on its own memory, or stored in PostgreSQL: `node hocuspocus.mjs PORT TEXT [DATABASE_URL]`.
 *
 *  Every document begins as TEXT. Nothing is set otherwise than Hocuspocus does by itself: what is
 *  stored is stored some seconds after it was acknowledged.
 */
import { Database } from "@hocuspocus/extension-database";
import { Server } from "@hocuspocus/server";
import pg from "pg";

const [port, text, databaseUrl] = process.argv.slice(2);

async function storage() {
  if (!databaseUrl) return [];
  const pool = new pg.Pool({ connectionString: databaseUrl });
  await pool.query(
    "create table if not exists bench_hocuspocus (name text primary key, state bytea not null)",
  );
  const load = "select state from bench_hocuspocus where name = $1";
  const save =
    "insert into bench_hocuspocus values ($1, $2) on conflict (name) do update set state = $2";
  return [
    new Database({
      fetch: async ({ documentName }) =>
        (await pool.query(load, [documentName])).rows[0]?.state ?? null,
      store: async ({ documentName, state }) => {
        await pool.query(save, [documentName, state]);
      },
    }),
  ];
}

const server = new Server({
  quiet: true,
  address: "127.0.0.1",
  port: Number(port),
  extensions: await storage(),
  async onLoadDocument({ document }) {
    const shared = document.getText("main");
    if (shared.length === 0) shared.insert(0, text);
  },
});
await server.listen();
console.log(`ready at http://127.0.0.1:${server.httpServer.address().port}`);
