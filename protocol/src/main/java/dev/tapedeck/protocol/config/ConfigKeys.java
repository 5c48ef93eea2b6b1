package dev.tapedeck.protocol.config;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The keys of a configuration record. A component named {@code memoryBudget} in a record that is the component
 * {@code record} has the key {@code record.memory-budget}; a component of type {@code Map<String, SomeRecord>} named
 * {@code apps} has keys such as {@code apps.<name>.secrets} for any name.
 */
public final class ConfigKeys {
  private ConfigKeys() {}

  /**
   * One key.
   *
   * @param pattern      its segments; {@code <name>} stands for any
   * @param defaultValue as the operator would write it
   */
  public record Key(String pattern, String defaultValue, String help) {
    /** As it is written in the environment. */
    public String environment() {
      return environmentName(pattern);
    }

    boolean matches(String key) {
      String[] wanted = pattern.split("\\.");
      String[] given = key.split("\\.", -1);
      if (wanted.length != given.length) {
        return false;
      }
      for (int i = 0; i < wanted.length; i++) {
        if (!wanted[i].equals("<name>") && !wanted[i].equals(given[i])) {
          return false;
        }
      }
      return true;
    }
  }

  /** All keys of the record, in the order of its components. */
  public static List<Key> of(Class<? extends Record> type) {
    List<Key> keys = new ArrayList<>();
    collect(type, "", keys);
    return keys;
  }

  /** The known key that is nearest to what was written, for "did you mean". */
  static Optional<String> nearest(String written, List<Key> keys) {
    return keys.stream().map(Key::pattern)
        .min(Comparator.comparingInt(pattern -> distance(written, pattern)))
        .filter(pattern -> distance(written, pattern) <= Math.max(3, written.length() / 3));
  }

  static String environmentName(String key) {
    return key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
  }

  private static String kebab(String component) {
    return component.replaceAll("([a-z0-9])([A-Z])", "$1-$2").toLowerCase(Locale.ROOT);
  }

  /** The last segment of the component's key. */
  static String segment(RecordComponent component) {
    Setting setting = component.getAnnotation(Setting.class);
    return setting != null && !setting.name().isEmpty() ? setting.name() : kebab(component.getName());
  }

  static Optional<Class<? extends Record>> mapOf(RecordComponent component) {
    if (component.getType() != Map.class) {
      return Optional.empty();
    }
    Type value = ((ParameterizedType) component.getGenericType()).getActualTypeArguments()[1];
    return Optional.of(((Class<?>) value).asSubclass(Record.class));
  }

  static boolean isLeaf(RecordComponent component) {
    return component.isAnnotationPresent(Setting.class);
  }

  private static void collect(Class<? extends Record> type, String prefix, List<Key> keys) {
    for (RecordComponent component : type.getRecordComponents()) {
      String key = prefix + segment(component);
      Setting setting = component.getAnnotation(Setting.class);
      if (setting != null) {
        keys.add(new Key(key, setting.value(), setting.help()));
      } else if (mapOf(component).isPresent()) {
        collect(mapOf(component).get(), key + ".<name>.", keys);
      } else {
        collect(component.getType().asSubclass(Record.class), key + ".", keys);
      }
    }
  }

  /** Edits that turn one text into the other (Levenshtein). */
  private static int distance(String from, String to) {
    int[] row = new int[to.length() + 1];
    for (int j = 0; j <= to.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= from.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= to.length(); j++) {
        int substituted = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(substituted, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[to.length()];
  }
}
