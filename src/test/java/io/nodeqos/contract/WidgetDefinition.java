// SPDX-License-Identifier: Apache-2.0
// Copyright The node-qos-controller Authors
package io.nodeqos.contract;

/** A CustomResourceDefinition with the features that ours uses. */
final class WidgetDefinition {
  private WidgetDefinition() {}

  static String json(String group, String plural, String kind) {
    return Contract.json(
        """
        {'kind':'CustomResourceDefinition','apiVersion':'apiextensions.k8s.io/v1',
         'metadata':{'name':'%1$s.%2$s'},
         'spec':{'group':'%2$s','scope':'Cluster',
          'names':{'plural':'%1$s','kind':'%3$s'},
          'versions':[{'name':'v1','served':true,'storage':true,'subresources':{'status':{}},
           'additionalPrinterColumns':[
            {'name':'Size','type':'integer','jsonPath':'.spec.size'},
            {'name':'Valid','type':'string','jsonPath':'.status.conditions[?(@.type==\\"Valid\\")].status'}],
           'schema':{'openAPIV3Schema':{'type':'object','properties':{
            'spec':{'type':'object','required':['size'],'properties':{
             'size':{'type':'integer','minimum':1,'maximum':9},
             'since':{'type':'string','format':'date-time'},
             'mode':{'type':'string','enum':['On','Off'],'default':'On'},
             'name':{'type':'string','maxLength':5,'pattern':'^[a-z]*$'},
             'amount':{'x-kubernetes-int-or-string':true,'minimum':0,'pattern':'^[0-9]+%%$',
              'anyOf':[{'type':'integer'},{'type':'string'}]},
             'tags':{'type':'array','maxItems':2,'items':{'type':'string'}},
             'free':{'type':'object','x-kubernetes-preserve-unknown-fields':true},
             'labels':{'type':'object','additionalProperties':{'type':'string'}}}},
            'status':{'type':'object','x-kubernetes-preserve-unknown-fields':true}}}}}]}}
        """,
        plural, group, kind);
  }
}
