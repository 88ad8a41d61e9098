// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.cli.simulate.cluster;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.nodeqos.sim.fleet.FleetClient;
import io.nodeqos.sim.model.Json;
import io.nodeqos.sim.store.StoredObject;
import io.nodeqos.sim.virtual.VirtualApi;
import java.util.List;
import java.util.Optional;

/**
 * Another writer replaces a value of the controller, or removes it.
 *
 * @param path names of fields, {@code [type]} for an item of a list of conditions and a number for
 *     another item
 * @param value empty for a removal
 */
record Corruption(RequestTarget target, List<String> path, Optional<JsonElement> value) {
  private static final int SHOWN = 80;

  /** False when the server refuses it, or it changes nothing: then there is nothing to see. */
  boolean apply(VirtualApi api) {
    Optional<JsonObject> present =
        api.object(target.collection(), target.namespace(), target.name()).map(StoredObject::parse);
    if (present.isEmpty()) {
      return false;
    }
    JsonObject changed = present.get().deepCopy();
    if (!replace(changed) || changed.equals(present.get())) {
      return false;
    }
    FleetClient.Reply reply = api.update(url(), changed);
    return reply.ok();
  }

  private String url() {
    return target.item() + (path.get(0).equals("status") ? "/status" : "");
  }

  private boolean replace(JsonObject object) {
    JsonElement at = object;
    for (String step : path.subList(0, path.size() - 1)) {
      Optional<JsonElement> next = step(at, step);
      if (next.isEmpty()) {
        return false;
      }
      at = next.get();
    }
    String last = path.get(path.size() - 1);
    if (at.isJsonObject()) {
      at.getAsJsonObject().remove(last);
      value.ifPresent(v -> at(object).add(last, v));
      return true;
    }
    return at.isJsonArray() && replace(at.getAsJsonArray(), last);
  }

  private JsonObject at(JsonObject object) {
    JsonElement at = object;
    for (String step : path.subList(0, path.size() - 1)) {
      at = step(at, step).orElseThrow();
    }
    return at.getAsJsonObject();
  }

  private boolean replace(JsonArray items, String item) {
    int index = index(items, item);
    if (index < 0) {
      return false;
    }
    if (value.isPresent()) {
      items.set(index, value.get());
    } else {
      items.remove(index);
    }
    return true;
  }

  /** The value at a path, if there is one. */
  static Optional<JsonElement> find(JsonObject object, List<String> path) {
    Optional<JsonElement> at = Optional.of(object);
    for (String step : path) {
      at = at.flatMap(a -> a.isJsonObject() ? present(a.getAsJsonObject(), step) : item(a, step));
    }
    return at;
  }

  private static Optional<JsonElement> step(JsonElement at, String step) {
    return at.isJsonObject()
        ? Optional.of(
            at.getAsJsonObject().has(step)
                ? at.getAsJsonObject().get(step)
                : Json.childObject(at.getAsJsonObject(), step))
        : item(at, step);
  }

  private static Optional<JsonElement> present(JsonObject object, String field) {
    return Optional.ofNullable(object.get(field));
  }

  private static Optional<JsonElement> item(JsonElement at, String item) {
    if (!at.isJsonArray()) {
      return Optional.empty();
    }
    int index = index(at.getAsJsonArray(), item);
    return index < 0 ? Optional.empty() : Optional.of(at.getAsJsonArray().get(index));
  }

  private static int index(JsonArray items, String item) {
    for (int i = 0; i < items.size(); i++) {
      boolean ofType =
          items.get(i).isJsonObject()
              && item.equals("[" + Json.string(items.get(i).getAsJsonObject(), "type") + "]");
      if (ofType || item.equals(Integer.toString(i))) {
        return i;
      }
    }
    return -1;
  }

  @Override
  public String toString() {
    String text = value.map(JsonElement::toString).orElse("nothing");
    return "%s %s of %s is %s"
        .formatted(
            target.collection().substring(target.collection().lastIndexOf('/') + 1),
            String.join("/", path),
            target.name(),
            text.length() > SHOWN ? text.substring(0, SHOWN) + "… (" + text.length() + ")" : text);
  }
}
