// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.sim.table;

import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import io.nodeqos.sim.model.HumanDuration;
import io.nodeqos.sim.model.Json;
import io.nodeqos.sim.model.TableColumn;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The columns of a custom resource: its name, then its additionalPrinterColumns, else its age. */
public final class CustomColumns {
  private CustomColumns() {}

  public static List<TableColumn> of(List<JsonObject> definitions) {
    List<TableColumn> columns = new ArrayList<>();
    columns.add(BuiltInColumns.name());
    for (JsonObject definition : definitions) {
      String type = Json.string(definition, "type");
      SimpleJsonPath path = SimpleJsonPath.parse(Json.string(definition, "jsonPath"));
      columns.add(
          new TableColumn(
              Json.string(definition, "name"),
              type,
              Json.string(definition, "format"),
              Json.string(definition, "description"),
              (int) Json.number(definition, 0, "priority"),
              (object, now) -> cell(path.find(object), type, now)));
    }
    if (definitions.isEmpty()) {
      columns.add(BuiltInColumns.age());
    }
    return List.copyOf(columns);
  }

  private static JsonElement cell(JsonElement value, String type, Instant now) {
    if (Json.isNull(value)) {
      return JsonNull.INSTANCE;
    }
    return switch (type) {
      case "integer", "number", "boolean" -> value;
      case "date" -> new JsonPrimitive(HumanDuration.since(value.getAsString(), now));
      default ->
          new JsonPrimitive(value.isJsonPrimitive() ? value.getAsString() : value.toString());
    };
  }
}
