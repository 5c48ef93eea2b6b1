package dev.tapedeck.connector.core.hook;

import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import java.util.List;

/**
 * The canonical JSON mapping of proto3 (the "ProtoJSON format" of the protobuf language guide), as far as hook events need
 * it: lowerCamelCase members, defaults left out, 64-bit numbers as strings, enums by name. Written the way JavaScript
 * prints it again.
 */
final class Proto3Json {
  private Proto3Json() {}

  static String write(Message message) {
    JsonText json = new JsonText();
    writeMessage(json, message);
    return json.toString();
  }

  private static void writeMessage(JsonText json, Message message) {
    json.raw("{");
    JsonText.Members members = json.members();
    // Only what is set, in the order of the numbers.
    message.getAllFields().forEach((field, value) -> writeField(members.key(field.getJsonName()), message, field, value));
    json.raw("}");
  }

  private static void writeField(JsonText json, Message message, FieldDescriptor field, Object value) {
    if (field.isMapField()) {
      FieldDescriptor valueField = ReferenceJson.valueField(field);
      json.object(ReferenceJson.entries(message, field), (out, v) -> writeValue(out, valueField, v));
    } else if (field.isRepeated()) {
      json.raw("[");
      JsonText.Members elements = json.members();
      ((List<?>) value).forEach(element -> writeValue(elements.next(), field, element));
      json.raw("]");
    } else {
      writeValue(json, field, value);
    }
  }

  private static void writeValue(JsonText json, FieldDescriptor field, Object value) {
    switch (field.getJavaType()) {
      case INT -> json.raw(
          ReferenceJson.isUnsigned(field) ? Integer.toUnsignedString((int) value) : value.toString());
      case LONG -> json.string(Long.toUnsignedString((long) value));
      case BOOLEAN -> json.raw(value.toString());
      case STRING -> json.string((String) value);
      case ENUM -> json.string(((EnumValueDescriptor) value).getName());
      case MESSAGE -> writeMessage(json, (Message) value);
      case FLOAT, DOUBLE, BYTE_STRING ->
          throw new IllegalStateException("hook events hold no " + field.getJavaType() + ", but " + field.getFullName());
    }
  }
}
