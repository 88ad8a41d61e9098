// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.sim.fleet;

import com.google.gson.JsonObject;
import io.nodeqos.sim.fleet.FleetClient.PatchType;
import io.nodeqos.sim.fleet.FleetClient.Reply;
import java.io.IOException;

/**
 * The requests that the fleet sends to an API server. Paths start with a slash and hold no
 * characters to escape. An error that can be retried throws IOException; every other answer is a
 * {@link Reply}.
 */
public interface FleetApi {
  Reply get(String path) throws IOException;

  Reply create(String path, JsonObject object) throws IOException;

  Reply patch(String path, PatchType type, JsonObject patch) throws IOException;

  Reply delete(String path) throws IOException;
}
