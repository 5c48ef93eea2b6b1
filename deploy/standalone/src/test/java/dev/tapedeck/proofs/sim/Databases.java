package dev.tapedeck.proofs.sim;

import dev.tapedeck.connector.io.store.Database;
import dev.tapedeck.protocol.config.Redacted;
import java.util.List;

/** The connector's database in memory: its real tables, made once and emptied for each run. */
final class Databases {
  private Databases() {}

  /** @param name of its own for each thread */
  static Database open(String name) {
    return Database.open(Redacted.of("sqlite:file:" + name + "?mode=memory&cache=shared"));
  }

  static void empty(Database database) {
    database.run(handle -> {
      List<String> tables = handle.createQuery(
              "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND name NOT LIKE 'flyway%'")
          .mapTo(String.class).list();
      tables.forEach(table -> handle.execute("DELETE FROM " + table));
    });
  }
}
