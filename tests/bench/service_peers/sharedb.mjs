/** ShareDB on its own memory, or on PostgreSQL: `node sharedb.mjs PORT [DATABASE_URL]`.
 *
 *  POST / with a text makes a document of it and answers with its id. The adapter is what ShareDB's
 *  documentation asks of one: an operation and the snapshot after it are one statement, so one
 *  durable commit, and a version that is taken makes it fail.
 */
import { createServer } from "node:http";
import WebSocketJSONStream from "@teamwork/websocket-json-stream";
import { type as text } from "ot-text-unicode";
import pg from "pg";
import ShareDB from "sharedb";
import { WebSocketServer } from "ws";

const COLLECTION = "bench";
const [port, databaseUrl] = process.argv.slice(2);

const TABLES = `
create table if not exists bench_sharedb_op (
  doc text not null, version integer not null, op jsonb not null, primary key (doc, version)
);
create table if not exists bench_sharedb_snapshot (
  doc text primary key, version integer not null, type text not null, data jsonb not null
)`;
const COMMIT = `
with snapshot as (
  insert into bench_sharedb_snapshot (doc, version, type, data) values ($1, $2, $3, $4)
  on conflict (doc) do update set version = $2, type = $3, data = $4
  where bench_sharedb_snapshot.version = $2 - 1 returning doc
)
insert into bench_sharedb_op (doc, version, op) select doc, $2 - 1, $5 from snapshot`;

class PostgresDB extends ShareDB.DB {
  constructor(pool) {
    super();
    this.pool = pool;
  }

  async close(callback) {
    await this.pool.end();
    callback?.();
  }

  commit(_collection, id, op, { v, type, data }, _options, callback) {
    const values = [id, v, type, JSON.stringify(data), JSON.stringify(op)];
    this.pool.query({ name: "commit", text: COMMIT, values }).then(
      ({ rowCount }) => callback(null, rowCount === 1),
      (error) => (error.code === "23505" ? callback(null, false) : callback(error)),
    );
  }

  getSnapshot(_collection, id, _fields, _options, callback) {
    const question = "select version, type, data from bench_sharedb_snapshot where doc = $1";
    this.pool.query({ name: "snapshot", text: question, values: [id] }).then(({ rows: [row] }) => {
      const { version = 0, type = null, data } = row ?? {};
      callback(null, { id, v: version, type, data, m: null });
    }, callback);
  }

  getOps(_collection, id, from, to, _options, callback) {
    const question =
      "select op from bench_sharedb_op where doc = $1 and version >= $2 and version < $3 order by version";
    const values = [id, from ?? 0, to ?? 2 ** 31 - 1];
    this.pool.query({ name: "ops", text: question, values }).then(
      ({ rows }) => callback(null, rows.map(({ op }) => op)),
      callback,
    );
  }
}

async function database() {
  if (!databaseUrl) return new ShareDB.MemoryDB();
  const pool = new pg.Pool({ connectionString: databaseUrl });
  await pool.query(TABLES);
  return new PostgresDB(pool);
}

ShareDB.types.register(text);
const backend = new ShareDB({ db: await database() });
const own = backend.connect();
let made = 0;

const server = createServer((request, response) => {
  const chunks = [];
  request.on("data", (chunk) => chunks.push(chunk));
  request.on("end", () => {
    const id = `${process.pid}-${made++}`;
    const doc = own.get(COLLECTION, id);
    doc.create(Buffer.concat(chunks).toString(), text.uri, (error) => {
      response.writeHead(error ? 500 : 201).end(error ? String(error) : id);
      doc.destroy();
    });
  });
});
new WebSocketServer({ server, perMessageDeflate: false }).on("connection", (socket) =>
  backend.listen(new WebSocketJSONStream(socket)),
);
server.listen(Number(port), "127.0.0.1", () =>
  console.log(`ready at http://127.0.0.1:${server.address().port}`),
);
