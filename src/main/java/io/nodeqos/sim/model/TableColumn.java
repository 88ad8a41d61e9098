// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.sim.model;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.time.Instant;
import java.util.function.BiFunction;

/**
 * One column of a Table reply.
 *
 * @param priority 0 is always shown, 1 only with {@code kubectl get -o wide}
 * @param cell the value for an object at the time of printing
 */
public record TableColumn(
    String name,
    String type,
    String format,
    String description,
    int priority,
    BiFunction<JsonObject, Instant, JsonElement> cell) {}
