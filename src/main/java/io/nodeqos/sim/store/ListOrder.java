// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.sim.store;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The order in which a strategic merge leaves a list: items of the patch in the patch's order, and
 * between them the others in their former order, each before the first item of the patch that it
 * formerly preceded. As {@code mergeSortedSlice} in k8s.io/apimachinery does.
 *
 * @param key the merge key, "" for a list of scalars
 * @param wanted the patch's items, in order
 * @param before the list before the patch
 */
public record ListOrder(String key, JsonArray wanted, JsonArray before) {

  public JsonArray sort(JsonArray merged) {
    List<JsonElement> patched = new ArrayList<>();
    List<JsonElement> others = new ArrayList<>();
    for (JsonElement item : merged) {
      (indexIn(wanted, item) >= 0 ? patched : others).add(item);
    }
    patched.sort(Comparator.comparingInt(item -> indexIn(wanted, item)));
    others.sort(Comparator.comparingInt(item -> indexIn(before, item)));
    JsonArray sorted = new JsonArray();
    int next = 0;
    for (JsonElement item : patched) {
      while (next < others.size() && precedes(others.get(next), item)) {
        sorted.add(others.get(next++));
      }
      sorted.add(item);
    }
    while (next < others.size()) {
      sorted.add(others.get(next++));
    }
    return sorted;
  }

  private boolean precedes(JsonElement one, JsonElement other) {
    int first = indexIn(before, one);
    int second = indexIn(before, other);
    return first >= 0 && second >= 0 && first < second;
  }

  private int indexIn(JsonArray list, JsonElement item) {
    for (int i = 0; i < list.size(); i++) {
      if (identity(list.get(i)).equals(identity(item))) {
        return i;
      }
    }
    return -1;
  }

  private JsonElement identity(JsonElement item) {
    boolean keyed = !key.isEmpty() && item.isJsonObject() && item.getAsJsonObject().has(key);
    return keyed ? item.getAsJsonObject().get(key) : item;
  }
}
