// Every role assignment of the deployment.
param environmentName string
param identityName string
param hostStorageName string
param stateStorageName string
param auditStorageName string
param tokenVaultNames string[]
param settingsVaultName string
param insightsName string
param operatorId string
param operatorType string

var roles = {
  'Storage Blob Data Owner': 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b'
  'Storage Table Data Contributor': '0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3'
  'Key Vault Secrets User': '4633458b-17de-408a-b874-0445c86b69e6'
  'Key Vault Secrets Officer': 'b86a8fe4-44ce-4948-aee5-eccb2c155cd7'
  'Monitoring Metrics Publisher': '3913510d-42f4-4e42-8a64-420c390055eb'
}

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2024-11-30' existing = {
  name: identityName
}

resource hostStorage 'Microsoft.Storage/storageAccounts@2025-06-01' existing = {
  name: hostStorageName
}

resource stateStorage 'Microsoft.Storage/storageAccounts@2025-06-01' existing = {
  name: stateStorageName
}

resource auditStorage 'Microsoft.Storage/storageAccounts@2025-06-01' existing = {
  name: auditStorageName
}

resource tokenVault 'Microsoft.KeyVault/vaults@2026-02-01' existing = [
  for name in tokenVaultNames: {
    name: name
  }
]

resource settingsVault 'Microsoft.KeyVault/vaults@2026-02-01' existing = {
  name: settingsVaultName
}

resource insights 'Microsoft.Insights/components@2020-02-02' existing = {
  name: insightsName
}

// The least built-in role that sets a secret, Key Vault Secrets Officer, also lists, recovers, backs up, restores and purges.
resource tokenKeeper 'Microsoft.Authorization/roleDefinitions@2022-04-01' = {
  name: guid(resourceGroup().id, 'token keeper')
  properties: {
    roleName: 'FinxFunctions token keeper (${environmentName}, ${uniqueString(resourceGroup().id)})'
    description: 'Reads, sets, deletes and recovers secrets whose names it knows. Cannot list or purge.'
    type: 'CustomRole'
    assignableScopes: [resourceGroup().id]
    permissions: [
      {
        actions: []
        dataActions: [
          'Microsoft.KeyVault/vaults/secrets/getSecret/action'
          'Microsoft.KeyVault/vaults/secrets/setSecret/action'
          'Microsoft.KeyVault/vaults/secrets/delete'
          'Microsoft.KeyVault/vaults/secrets/recover/action'
        ]
      }
    ]
  }
}

// The least built-in role that adds a row, Storage Table Data Contributor, also changes and deletes rows and tables.
resource recordKeeper 'Microsoft.Authorization/roleDefinitions@2022-04-01' = {
  name: guid(resourceGroup().id, 'record keeper')
  properties: {
    roleName: 'FinxFunctions record keeper (${environmentName}, ${uniqueString(resourceGroup().id)})'
    description: 'Adds rows and tables. Cannot read, change or delete.'
    type: 'CustomRole'
    assignableScopes: [resourceGroup().id]
    permissions: [
      {
        // Creating a table through the data plane needs this right.
        actions: ['Microsoft.Storage/storageAccounts/tableServices/tables/write']
        dataActions: ['Microsoft.Storage/storageAccounts/tableServices/tables/entities/add/action']
      }
    ]
  }
}

resource appKeepsTokens 'Microsoft.Authorization/roleAssignments@2022-04-01' = [
  for (name, index) in tokenVaultNames: {
    scope: tokenVault[index]
    name: guid(tokenVault[index].id, identity.id, tokenKeeper.id)
    properties: {
      description: 'The app stores token pairs and its data key here.'
      principalId: identity.properties.principalId
      principalType: 'ServicePrincipal'
      roleDefinitionId: tokenKeeper.id
    }
  }
]

resource appReadsSettings 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: settingsVault
  name: guid(settingsVault.id, identity.id, roles['Key Vault Secrets User'])
  properties: {
    description: 'The platform resolves the finX client secret in the app\'s name.'
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles['Key Vault Secrets User'])
  }
}

resource appWritesState 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: stateStorage
  name: guid(stateStorage.id, identity.id, roles['Storage Table Data Contributor'])
  properties: {
    description: 'The app stores connections, their leases and the rotation schedule here.'
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles['Storage Table Data Contributor'])
  }
}

resource appKeepsRecords 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: auditStorage
  name: guid(auditStorage.id, identity.id, recordKeeper.id)
  properties: {
    description: 'The app adds to the audit trail and never changes it.'
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: recordKeeper.id
  }
}

resource hostOwnsBlobs 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: hostStorage
  name: guid(hostStorage.id, identity.id, roles['Storage Blob Data Owner'])
  properties: {
    description: 'The Functions host reads the package and stores its leases, timer status and keys here.'
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles['Storage Blob Data Owner'])
  }
}

resource hostWritesEvents 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: hostStorage
  name: guid(hostStorage.id, identity.id, roles['Storage Table Data Contributor'])
  properties: {
    description: 'The Functions host writes its diagnostic events here.'
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles['Storage Table Data Contributor'])
  }
}

resource appPublishesTelemetry 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: insights
  name: guid(insights.id, identity.id, roles['Monitoring Metrics Publisher'])
  properties: {
    description: 'Host and app send logs, traces and metrics.'
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles['Monitoring Metrics Publisher'])
  }
}

resource operatorSetsSecrets 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (!empty(operatorId)) {
  scope: settingsVault
  name: guid(settingsVault.id, operatorId, roles['Key Vault Secrets Officer'])
  properties: {
    description: 'An operator sets the finX client secret.'
    principalId: operatorId
    principalType: operatorType
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', roles['Key Vault Secrets Officer'])
  }
}
