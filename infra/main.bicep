// FinxFunctions in Azure: one resource group with everything that it needs.
//
//   network ─────────────┐  (private only)
//   monitoring ──────────┤
//   identity ──► roles ──┼──► app ──► alerts, workbook
//   storage, vaults ─────┘
targetScope = 'subscription'

import { callers as callerRules, finx as finxClient, instances as appInstances, watch as watchRules } from 'types.bicep'

@description('Name of the environment, such as dev or prod. It is a part of every resource\'s name.')
@minLength(2)
@maxLength(20)
param name string

param location string = deployment().location

@description('Tags of every resource, in addition to those that are always set.')
param tags { *: string } = {}

param finx finxClient

@description('Where users may be sent after the widget (Links__AllowedReturnUris).')
@minLength(1)
param allowedReturnUris string[]

@description('Public address of the callback as registered with Qwist, if it is not the app\'s own, but that of a custom domain or a gateway.')
param callbackAddress string = ''

param callers callerRules = { mode: 'FunctionKeys' }

@description('Number of vaults that hold tokens. It may grow at any time, and must never shrink.')
@minValue(1)
@maxValue(100)
param tokenVaults int = 1

@description('Whether storage and vaults are reached through private endpoints only. The app stays public, because browsers must reach the callback.')
param private bool = false

@description('Address space of the virtual network; a /24. Used if private.')
param addressSpace string = '10.90.0.0/24'

@description('Redundancy of the connections\' state. The host\'s own storage uses the same zones.')
param redundancy 'Standard_LRS' | 'Standard_ZRS' | 'Standard_GRS' | 'Standard_GZRS' = 'Standard_LRS'

@description('Whether instances are spread over availability zones. Each kind that is always ready then needs at least two instances.')
param zoneRedundant bool = false

param instances appInstances = {
  memory: 2048
  maximum: 40
  httpConcurrency: 16
  alwaysReadyHttp: 0
  alwaysReadyTimer: 0
}

@description('What an update does with running instances. RollingUpdate lets a rotation that has presented a token finish. Recreate does not.')
param siteUpdates 'RollingUpdate' | 'Recreate' = 'RollingUpdate'

@description('When the timer runs: NCRONTAB with seconds.')
param rotationSchedule string = '0 */5 * * * *'

@description('Further app settings of the README\'s table, such as Tokens__Replays. They override the template\'s own. No secrets.')
param settings { *: string } = {}

param watch watchRules

@description('Days for which logs and metrics are stored.')
@minValue(30)
@maxValue(730)
param retentionDays int = 90

@description('Object id of the person or group that sets the finX client secret. It gets no right on the token vaults.')
param operatorId string = ''

param operatorType 'User' | 'Group' | 'ServicePrincipal' = 'User'

var unique = uniqueString(subscription().id, name)
var names = {
  identity: 'id-finx-${name}'
  workspace: 'log-finx-${name}'
  insights: 'appi-finx-${name}'
  app: 'func-finx-${name}-${unique}'
  hostStorage: 'sthost${unique}'
  stateStorage: 'ststate${unique}'
  auditStorage: 'staudit${unique}'
  settingsVault: 'kv-set-${unique}'
  tokenVaults: map(range(1, tokenVaults), index => 'kv-tok-${index}-${unique}')
}
var allTags = union(tags, { application: 'finxfunctions', 'azd-env-name': name })

resource group 'Microsoft.Resources/resourceGroups@2025-04-01' = {
  name: 'rg-finx-${name}'
  location: location
  tags: allTags
}

module identity 'identity.bicep' = {
  scope: group
  params: { name: names.identity, location: location, tags: allTags }
}

module monitoring 'monitoring.bicep' = {
  scope: group
  params: {
    workspaceName: names.workspace
    insightsName: names.insights
    location: location
    tags: allTags
    retentionDays: retentionDays
  }
}

module network 'network.bicep' = if (private) {
  scope: group
  params: { name: 'finx-${name}', location: location, tags: allTags, addressSpace: addressSpace, zoneRedundant: zoneRedundant }
}

// For the Functions host itself: its leases, its keys, the app's package.
module hostStorage 'storage.bicep' = {
  scope: group
  params: {
    name: names.hostStorage
    location: location
    tags: allTags
    redundancy: contains(redundancy, 'ZRS') ? 'Standard_ZRS' : 'Standard_LRS'
    private: private
    containers: ['packages']
  }
}

module stateStorage 'storage.bicep' = {
  scope: group
  params: {
    name: names.stateStorage
    location: location
    tags: allTags
    redundancy: redundancy
    private: private
    tables: ['connections', 'agenda', 'users']
  }
}

// Separate from the state, so that a right to change the state is no right to change the audit trail.
module auditStorage 'storage.bicep' = {
  scope: group
  params: {
    name: names.auditStorage
    location: location
    tags: allTags
    redundancy: redundancy
    private: private
    deletionsTo: names.workspace
  }
  dependsOn: [monitoring]
}

module tokenVault 'vault.bicep' = [
  for vaultName in names.tokenVaults: {
    scope: group
    params: {
      name: vaultName
      location: location
      tags: allTags
      private: private
      workspaceName: names.workspace
    }
    dependsOn: [monitoring]
  }
]

// Separate from the tokens, so that a right to set the finX client secret is no right to read tokens.
module settingsVault 'vault.bicep' = {
  scope: group
  params: {
    name: names.settingsVault
    location: location
    tags: allTags
    private: private
    workspaceName: names.workspace
  }
  dependsOn: [monitoring]
}

module endpoints 'endpoints.bicep' = if (private) {
  scope: group
  params: {
    location: location
    tags: allTags
    networkId: network!.outputs.networkId
    subnetId: network!.outputs.endpointSubnetId
    blobs: [names.hostStorage]
    tables: [names.hostStorage, names.stateStorage, names.auditStorage]
    vaults: concat([names.settingsVault], names.tokenVaults)
  }
  dependsOn: [hostStorage, stateStorage, auditStorage, settingsVault, tokenVault]
}

module roles 'roles.bicep' = {
  scope: group
  params: {
    environmentName: name
    identityName: names.identity
    insightsName: names.insights
    hostStorageName: names.hostStorage
    stateStorageName: names.stateStorage
    auditStorageName: names.auditStorage
    settingsVaultName: names.settingsVault
    tokenVaultNames: names.tokenVaults
    operatorId: operatorId
    operatorType: operatorType
  }
  dependsOn: [identity, monitoring, hostStorage, stateStorage, auditStorage, settingsVault, tokenVault]
}

module app 'app.bicep' = {
  scope: group
  params: {
    name: names.app
    location: location
    tags: allTags
    identityName: names.identity
    insightsName: names.insights
    hostStorageName: names.hostStorage
    packageContainer: 'packages'
    stateStorageName: names.stateStorage
    auditStorageName: names.auditStorage
    settingsVaultName: names.settingsVault
    tokenVaultNames: names.tokenVaults
    subnetId: private ? network!.outputs.appSubnetId : null
    zoneRedundant: zoneRedundant
    instances: instances
    siteUpdates: siteUpdates
    finx: finx
    allowedReturnUris: allowedReturnUris
    callbackAddress: callbackAddress
    callers: callers
    rotationSchedule: rotationSchedule
    settings: settings
  }
  dependsOn: [endpoints, roles]
}

module alerts 'alerts.bicep' = {
  scope: group
  params: {
    name: 'finx-${name}'
    location: location
    tags: allTags
    workspaceName: names.workspace
    insightsName: names.insights
    storageNames: [names.hostStorage, names.stateStorage, names.auditStorage]
    vaultNames: concat([names.settingsVault], names.tokenVaults)
    healthAddress: 'https://${app.outputs.hostName}/api/health'
    watch: watch
  }
  dependsOn: [hostStorage, stateStorage, auditStorage, settingsVault, tokenVault]
}

module workbook 'workbook.bicep' = {
  scope: group
  params: { name: 'finx-${name}', location: location, tags: allTags, workspaceName: names.workspace }
  dependsOn: [monitoring]
}

output AZURE_RESOURCE_GROUP string = group.name
output FUNCTION_APP string = names.app
output FUNCTION_APP_ADDRESS string = 'https://${app.outputs.hostName}'
output CALLBACK_ADDRESS string = app.outputs.callbackAddress
output SETTINGS_VAULT string = names.settingsVault
output OUTBOUND_ADDRESS string = private ? network!.outputs.outboundAddress : ''
