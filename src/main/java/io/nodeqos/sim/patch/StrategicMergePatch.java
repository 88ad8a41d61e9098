// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.sim.patch;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.nodeqos.sim.model.ApiException;
import io.nodeqos.sim.model.ApiStatus;
import io.nodeqos.sim.model.Json;
import io.nodeqos.sim.store.ListOrder;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;

/**
 * Strategic merge patch with its directives {@code $patch}, {@code $retainKeys} and {@code
 * $deleteFromPrimitiveList}. Merged lists come out in the order of the patch, or of its {@code
 * $setElementOrder}; see {@link ListOrder}.
 */
final class StrategicMergePatch {
  private static final String DIRECTIVE = "$patch";
  private static final String RETAIN = "$retainKeys";
  private static final String DELETE_FROM = "$deleteFromPrimitiveList/";
  private static final String ORDER = "$setElementOrder/";

  private final MergeKeys keys;

  StrategicMergePatch(MergeKeys keys) {
    this.keys = keys;
  }

  /**
   * Changes the target in place.
   *
   * @throws ApiException 400 when a merged list's item lacks the merge key
   */
  void apply(JsonObject target, JsonObject patch) {
    merge(target, patch, "");
  }

  private void merge(JsonObject target, JsonObject patch, String path) {
    String directive = Json.string(patch, DIRECTIVE);
    if (!directive.isEmpty() && !directive.equals("merge")) {
      clear(target);
      if (directive.equals("delete")) {
        return;
      }
    }
    retain(target, patch);
    for (Map.Entry<String, JsonElement> entry : patch.entrySet()) {
      String field = entry.getKey();
      if (field.startsWith(DELETE_FROM)) {
        removeAll(Json.array(target, field.substring(DELETE_FROM.length())), entry.getValue());
      } else if (!field.equals(DIRECTIVE) && !field.equals(RETAIN) && !field.startsWith(ORDER)) {
        JsonArray before = Json.array(target, field).deepCopy();
        String at = path.isEmpty() ? field : path + "." + field;
        mergeField(target, field, entry.getValue(), at);
        if (entry.getValue().isJsonArray() && keys.at(at) != null) {
          JsonArray order = entry.getValue().getAsJsonArray();
          sort(target, field, new ListOrder(keys.at(at), order, before));
        }
      }
    }
    for (String field : patch.keySet()) {
      if (field.startsWith(ORDER)) {
        String list = field.substring(ORDER.length());
        String at = path.isEmpty() ? list : path + "." + list;
        JsonArray before = Json.array(target, list).deepCopy();
        if (keys.at(at) != null) {
          sort(target, list, new ListOrder(keys.at(at), Json.array(patch, field), before));
        }
      }
    }
  }

  private void mergeField(JsonObject target, String field, JsonElement value, String path) {
    if (value.isJsonNull()) {
      target.remove(field);
    } else if (value.isJsonObject()) {
      boolean deletes = Json.string(value.getAsJsonObject(), DIRECTIVE).equals("delete");
      merge(Json.childObject(target, field), value.getAsJsonObject(), path);
      if (deletes) {
        target.remove(field);
      }
    } else if (value.isJsonArray() && keys.at(path) != null) {
      JsonArray current = Json.array(target, field);
      target.add(field, current);
      if (keys.at(path).isEmpty()) {
        mergeSet(current, value.getAsJsonArray());
      } else {
        mergeList(current, value.getAsJsonArray(), path);
      }
    } else {
      target.add(field, value.deepCopy());
    }
  }

  private static void sort(JsonObject target, String field, ListOrder order) {
    JsonArray merged = Json.array(target, field);
    if (!merged.isEmpty()) {
      target.add(field, order.sort(merged));
    }
  }

  private void mergeList(JsonArray current, JsonArray patch, String path) {
    String key = keys.at(path);
    for (JsonElement item : patch) {
      if (item.isJsonObject()
          && Json.string(item.getAsJsonObject(), DIRECTIVE).equals("replace")
          && !item.getAsJsonObject().has(key)) {
        clear(current);
      }
    }
    for (JsonElement item : patch) {
      if (item.isJsonObject()) {
        mergeItem(current, item.getAsJsonObject(), key, path);
      }
    }
  }

  private void mergeItem(JsonArray current, JsonObject item, String key, String path) {
    String directive = Json.string(item, DIRECTIVE);
    if (!item.has(key)) {
      if (directive.equals("replace")) {
        return;
      }
      throw new ApiException(
          ApiStatus.badRequest("map: " + item + " does not contain declared merge key: " + key));
    }
    int at = indexOf(current, key, item.get(key));
    if (directive.equals("delete")) {
      if (at >= 0) {
        current.remove(at);
      }
    } else if (at >= 0) {
      merge(current.get(at).getAsJsonObject(), item, path);
    } else {
      JsonObject added = new JsonObject();
      merge(added, item, path);
      current.add(added);
    }
  }

  private static int indexOf(JsonArray list, String key, JsonElement value) {
    for (int i = 0; i < list.size(); i++) {
      JsonElement item = list.get(i);
      if (item.isJsonObject() && value.equals(item.getAsJsonObject().get(key))) {
        return i;
      }
    }
    return -1;
  }

  private static void mergeSet(JsonArray current, JsonArray patch) {
    for (JsonElement item : patch) {
      if (!current.contains(item)) {
        current.add(item.deepCopy());
      }
    }
  }

  private static void removeAll(JsonArray from, JsonElement items) {
    if (items.isJsonArray()) {
      items.getAsJsonArray().forEach(from::remove);
    }
  }

  private static void retain(JsonObject target, JsonObject patch) {
    if (patch.has(RETAIN)) {
      Set<String> retained = new HashSet<>(Json.strings(patch, RETAIN));
      target.keySet().removeIf(field -> !retained.contains(field));
    }
  }

  private static void clear(JsonObject target) {
    target.keySet().clear();
  }

  private static void clear(JsonArray target) {
    for (Iterator<JsonElement> items = target.iterator(); items.hasNext(); ) {
      items.next();
      items.remove();
    }
  }
}
