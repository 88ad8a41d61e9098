// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.sim.request;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.nodeqos.sim.model.ApiException;
import io.nodeqos.sim.model.ApiStatus;
import io.nodeqos.sim.model.Json;
import io.nodeqos.sim.model.ResourceType;
import io.nodeqos.sim.model.TableColumn;
import io.nodeqos.sim.table.BuiltInColumns;
import io.nodeqos.time.TimeSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The form of the objects in the reply: whole, as rows of a Table, or their metadata only.
 *
 * @param includeObject None, Metadata or Object: the content of a Table's row beside its cells
 */
public record Representation(Kind kind, String includeObject, TimeSource time) {
  private static final String META = "meta.k8s.io/v1";

  public enum Kind {
    OBJECT,
    TABLE,
    METADATA
  }

  /**
   * The first form in the Accept header that the server supports.
   *
   * @throws ApiException 406 when it supports none of them
   */
  public static Representation negotiate(String accept, String includeObject, TimeSource time) {
    String include = includeObject.isEmpty() ? "Metadata" : includeObject;
    if (accept.isBlank()) {
      return new Representation(Kind.OBJECT, include, time);
    }
    for (String choice : accept.split(",")) {
      String wanted = choice.toLowerCase(Locale.ROOT).replace(" ", "");
      String mediaType = wanted.split(";", -1)[0];
      if (mediaType.equals("application/json") && wanted.contains(";as=")) {
        if (wanted.contains(";v=v1") && !wanted.contains(";v=v1beta1")) {
          if (wanted.contains("as=table")) {
            return new Representation(Kind.TABLE, include, time);
          }
          if (wanted.contains("as=partialobjectmetadata")) {
            return new Representation(Kind.METADATA, include, time);
          }
        }
      } else if (List.of("application/json", "application/*", "*/*").contains(mediaType)) {
        return new Representation(Kind.OBJECT, include, time);
      }
    }
    throw new ApiException(ApiStatus.notAcceptable());
  }

  /** One object, as a reply or in a watch event. */
  public byte[] object(ResourceType type, byte[] stored) {
    return switch (kind) {
      case OBJECT -> type.present(stored);
      case METADATA -> Json.encode(metadataOf(type.presentJson(stored)));
      case TABLE -> {
        JsonObject meta = new JsonObject();
        Json.copyField("resourceVersion", Json.object(Json.parseObject(stored), "metadata"), meta);
        yield Json.encode(table(type, List.of(stored), meta));
      }
    };
  }

  /**
   * A list, in pieces.
   *
   * @param metadata the list's metadata
   */
  public List<byte[]> list(ResourceType type, List<byte[]> stored, JsonObject metadata) {
    if (kind == Kind.TABLE) {
      return List.of(Json.encode(table(type, stored, metadata)));
    }
    boolean whole = kind == Kind.OBJECT;
    JsonObject head = new JsonObject();
    head.addProperty("kind", whole ? type.names().listKind() : "PartialObjectMetadataList");
    head.addProperty("apiVersion", whole ? type.apiVersion() : META);
    head.add("metadata", metadata);
    byte[] opening = Json.encode(head);
    opening[opening.length - 1] = ',';
    List<byte[]> parts = new ArrayList<>(2 * stored.size() + 3);
    parts.add(opening);
    parts.add(bytes("\"items\":["));
    for (int i = 0; i < stored.size(); i++) {
      if (i > 0) {
        parts.add(bytes(","));
      }
      parts.add(object(type, stored.get(i)));
    }
    parts.add(bytes("]}"));
    return parts;
  }

  private JsonObject table(ResourceType type, List<byte[]> stored, JsonObject metadata) {
    List<TableColumn> columns = type.form().columns();
    JsonArray rows = new JsonArray();
    for (byte[] object : stored) {
      JsonObject json = Json.parseObject(object);
      JsonObject row = new JsonObject();
      row.add("cells", BuiltInColumns.cells(columns, json, time.wallTime()));
      if (includeObject.equals("Object")) {
        row.add("object", type.presentJson(object));
      } else if (!includeObject.equals("None")) {
        row.add("object", metadataOf(json));
      }
      rows.add(row);
    }
    JsonObject table = new JsonObject();
    table.addProperty("kind", "Table");
    table.addProperty("apiVersion", META);
    table.add("metadata", metadata);
    table.add("columnDefinitions", definitions(columns));
    table.add("rows", rows);
    return table;
  }

  private static JsonElement definitions(List<TableColumn> columns) {
    JsonArray definitions = new JsonArray();
    for (TableColumn column : columns) {
      JsonObject definition = new JsonObject();
      definition.addProperty("name", column.name());
      definition.addProperty("type", column.type());
      definition.addProperty("format", column.format());
      definition.addProperty("description", column.description());
      definition.addProperty("priority", column.priority());
      definitions.add(definition);
    }
    return definitions;
  }

  private static JsonObject metadataOf(JsonObject object) {
    JsonObject partial = new JsonObject();
    partial.addProperty("kind", "PartialObjectMetadata");
    partial.addProperty("apiVersion", META);
    partial.add("metadata", object.get("metadata"));
    return partial;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
  }
}
