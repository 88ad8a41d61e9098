// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.sim.rules;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.nodeqos.sim.model.ApiException;
import io.nodeqos.sim.model.ApiStatus;
import io.nodeqos.sim.model.ApiStatus.Cause;
import io.nodeqos.sim.model.Json;
import io.nodeqos.sim.model.ResourceType;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The types of the fields of {@code metav1.ObjectMeta}, which the server's decoder asks for. */
public final class MetadataShape {
  private static final String WRONG = "metadata has a wrong type";

  /** The decoder takes null for a field that is absent. */
  private static final String TEXT = "{'type':'string','nullable':true}";

  private static final String TIME = "{'type':'string','format':'date-time','nullable':true}";
  private static final String INTEGER = "{'type':'integer','nullable':true}";
  private static final String BOOLEAN = "{'type':'boolean','nullable':true}";
  private static final String TEXTS =
      "{'type':'object','additionalProperties':" + TEXT + ",'nullable':true}";

  private static final JsonObject SCHEMA =
      Json.parseObject(
          """
          {'type':'object','properties':{
           'name':TEXT,'generateName':TEXT,'namespace':TEXT,'uid':TEXT,
           'resourceVersion':TEXT,'selfLink':TEXT,
           'creationTimestamp':TIME,'deletionTimestamp':TIME,
           'generation':INTEGER,'deletionGracePeriodSeconds':INTEGER,
           'labels':MAP,'annotations':MAP,
           'finalizers':{'type':'array','items':TEXT,'nullable':true},
           'managedFields':{'type':'array','items':{'type':'object'},'nullable':true},
           'ownerReferences':{'type':'array','nullable':true,'items':{'type':'object','properties':{
             'apiVersion':TEXT,'kind':TEXT,'name':TEXT,'uid':TEXT,
             'controller':BOOLEAN,'blockOwnerDeletion':BOOLEAN}}}}}
          """
              .replace("MAP", TEXTS)
              .replace("TEXT", TEXT)
              .replace("TIME", TIME)
              .replace("INTEGER", INTEGER)
              .replace("BOOLEAN", BOOLEAN)
              .replace('\'', '"')
              .getBytes(StandardCharsets.UTF_8));

  private MetadataShape() {}

  /**
   * Checks an object that a client has sent.
   *
   * @throws ApiException 400 when a field of its metadata has another type
   */
  public static void checkSent(JsonObject object) {
    if (!isSound(object)) {
      throw new ApiException(ApiStatus.badRequest("the object provided is unrecognized: " + WRONG));
    }
  }

  /**
   * Checks an object as a patch has made it.
   *
   * @throws ApiException 422 when a field of its metadata has another type
   */
  public static void checkPatched(ResourceType type, String name, JsonObject object) {
    if (!isSound(object)) {
      throw new ApiException(ApiStatus.invalid(type, name, List.of(Cause.invalid("patch", WRONG))));
    }
  }

  private static boolean isSound(JsonObject object) {
    JsonElement metadata = object.get("metadata");
    return Json.isNull(metadata) || SchemaValidator.accepts(SCHEMA, metadata);
  }
}
