package dev.tapedeck.connector.core.hook;

import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.Descriptors.OneofDescriptor;
import com.google.protobuf.Message;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The JSON that receivers written for the field's reference server expect: members in snake_case with {@code app} first,
 * a oneof as an object whose only key is the variant in CamelCase, enums as numbers, what is absent as null.
 *
 * <pre>{@code {"node":22,"ts":1731132577151,"event":{"Record":{"app":"a","room":"r","event":{"Started":{"path":"a/r/1"}}}}}}</pre>
 */
final class ReferenceJson {
  private ReferenceJson() {}

  static String write(Message message) {
    JsonText json = new JsonText();
    writeMessage(json, message);
    return json.toString();
  }

  private static void writeMessage(JsonText json, Message message) {
    json.raw("{");
    JsonText.Members members = json.members();
    for (FieldDescriptor field : plainFields(message)) {
      writeField(members.key(field.getName()), message, field);
    }
    for (OneofDescriptor oneof : message.getDescriptorForType().getRealOneofs()) {
      writeOneof(members.key(oneof.getName()), message, oneof);
    }
    json.raw("}");
  }

  private static void writeOneof(JsonText json, Message message, OneofDescriptor oneof) {
    FieldDescriptor variant = message.getOneofFieldDescriptor(oneof);
    if (variant == null) {
      json.raw("null");
      return;
    }
    writeValue(json.raw("{").string(camelCase(variant.getName())).raw(":"), variant, message.getField(variant));
    json.raw("}");
  }

  private static void writeField(JsonText json, Message message, FieldDescriptor field) {
    if (field.isMapField()) {
      json.object(entries(message, field), (out, value) -> writeValue(out, valueField(field), value));
    } else if (field.isRepeated()) {
      json.raw("[");
      JsonText.Members elements = json.members();
      for (Object element : (List<?>) message.getField(field)) {
        writeValue(elements.next(), field, element);
      }
      json.raw("]");
    } else if (field.hasPresence() && !message.hasField(field)) {
      json.raw("null");
    } else {
      writeValue(json, field, message.getField(field));
    }
  }

  private static void writeValue(JsonText json, FieldDescriptor field, Object value) {
    switch (field.getJavaType()) {
      case INT -> json.raw(isUnsigned(field) ? Integer.toUnsignedString((int) value) : value.toString());
      case LONG -> json.unsigned((long) value);
      case BOOLEAN -> json.raw(value.toString());
      case STRING -> json.string((String) value);
      case ENUM -> json.raw(Integer.toString(((EnumValueDescriptor) value).getNumber()));
      case MESSAGE -> writeMessage(json, (Message) value);
      case FLOAT, DOUBLE, BYTE_STRING ->
          throw new IllegalStateException("hook events hold no " + field.getJavaType() + ", but " + field.getFullName());
    }
  }

  /** Fields outside any oneof, {@code app} first, the others as declared. */
  private static List<FieldDescriptor> plainFields(Message message) {
    List<FieldDescriptor> fields = new ArrayList<>();
    for (FieldDescriptor field : message.getDescriptorForType().getFields()) {
      if (field.getRealContainingOneof() == null) {
        fields.add(field.getName().equals("app") ? 0 : fields.size(), field);
      }
    }
    return fields;
  }

  static Map<String, Object> entries(Message message, FieldDescriptor field) {
    Map<String, Object> entries = new LinkedHashMap<>();
    FieldDescriptor key = field.getMessageType().findFieldByName("key");
    for (Object element : (List<?>) message.getField(field)) {
      Message entry = (Message) element;
      Object name = entry.getField(key);
      entries.put(key.getJavaType() == JavaType.LONG ? Long.toUnsignedString((long) name) : name.toString(),
          entry.getField(valueField(field)));
    }
    return entries;
  }

  static FieldDescriptor valueField(FieldDescriptor mapField) {
    return mapField.getMessageType().findFieldByName("value");
  }

  static boolean isUnsigned(FieldDescriptor field) {
    return field.getType() == FieldDescriptor.Type.UINT32 || field.getType() == FieldDescriptor.Type.FIXED32;
  }

  private static String camelCase(String snakeCase) {
    StringBuilder name = new StringBuilder();
    for (String word : snakeCase.split("_")) {
      name.append(Character.toUpperCase(word.charAt(0))).append(word, 1, word.length());
    }
    return name.toString();
  }
}
