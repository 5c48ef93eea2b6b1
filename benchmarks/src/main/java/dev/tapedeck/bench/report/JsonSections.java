package dev.tapedeck.bench.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Shows any JSON object as tables: what it says itself in one, each of its objects and lists in one of its own. */
public final class JsonSections {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int MAX_DEPTH = 3;

  private JsonSections() {}

  public static List<Section> of(String json) {
    try {
      List<Section> sections = new ArrayList<>();
      addObject(sections, "Figures", JSON.readTree(json), 0);
      return sections;
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("no JSON: " + json, e);
    }
  }

  private static void addObject(List<Section> sections, String title, JsonNode object, int depth) {
    List<List<String>> rows = new ArrayList<>();
    List<Map.Entry<String, JsonNode>> inner = new ArrayList<>();
    for (Map.Entry<String, JsonNode> field : object.properties()) {
      if (field.getValue().isValueNode() || depth == MAX_DEPTH) {
        rows.add(List.of(words(field.getKey()), text(field.getValue())));
      } else {
        inner.add(field);
      }
    }
    if (!rows.isEmpty()) {
      sections.add(new Section.Table(title, "", List.of("", ""), rows));
    }
    for (Map.Entry<String, JsonNode> field : inner) {
      String name = depth == 0 ? capital(words(field.getKey())) : title + ", " + words(field.getKey());
      if (isTable(field.getValue())) {
        sections.add(table(name, field.getValue()));
      } else if (field.getValue().isObject()) {
        addObject(sections, name, field.getValue(), depth + 1);
      } else if (!field.getValue().isEmpty()) {
        sections.add(new Section.Table(name, "", List.of(""), column(field.getValue())));
      }
    }
  }

  private static boolean isTable(JsonNode node) {
    return !node.isEmpty() && node.valueStream().allMatch(JsonNode::isObject);
  }

  /** One row for each object of a list, or for each member of an object under its name. */
  private static Section.Table table(String title, JsonNode nodes) {
    Set<String> names = new LinkedHashSet<>();
    nodes.forEach(row -> row.properties().forEach(field -> {
      if (field.getValue().isValueNode()) {
        names.add(field.getKey());
      }
    }));
    List<String> head = new ArrayList<>(List.of(""));
    names.forEach(name -> head.add(words(name)));
    List<List<String>> rows = new ArrayList<>();
    List<String> labels = nodes.isObject() ? nodes.propertyStream().map(Map.Entry::getKey).toList() : List.of();
    for (int i = 0; i < nodes.size(); i++) {
      String label = labels.isEmpty() ? Integer.toString(i + 1) : words(labels.get(i));
      JsonNode row = labels.isEmpty() ? nodes.get(i) : nodes.get(labels.get(i));
      List<String> cells = new ArrayList<>(List.of(label));
      names.forEach(name -> cells.add(text(row.path(name))));
      rows.add(cells);
    }
    return new Section.Table(title, "", head, rows);
  }

  private static List<List<String>> column(JsonNode list) {
    List<List<String>> rows = new ArrayList<>();
    list.forEach(value -> rows.add(List.of(text(value))));
    return rows;
  }

  private static String text(JsonNode value) {
    return value.isMissingNode() || value.isNull() ? "" : value.isValueNode() ? value.asText() : value.toString();
  }

  private static String words(String key) {
    return key.replace('_', ' ');
  }

  private static String capital(String text) {
    return text.isEmpty() ? text : Character.toUpperCase(text.charAt(0)) + text.substring(1);
  }
}
