package dev.tapedeck.connector.io.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.OptionalLong;

/** Small things that reading rows needs in several places. */
final class Sql {
  private Sql() {}

  static OptionalLong optionalLong(ResultSet row, String column) throws SQLException {
    long value = row.getLong(column);
    return row.wasNull() ? OptionalLong.empty() : OptionalLong.of(value);
  }
}
