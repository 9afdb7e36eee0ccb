// The shapes of the parameters.

@description('finX, as agreed with Qwist. The client secret is set in the settings vault, never here.')
@export()
type finx = {
  @description('Base address of finX\'s API.')
  baseAddress: string

  @description('Client id at finX.')
  clientId: string
}

@description('Who may call: whoever has a function key, or named Entra applications that have one too.')
@export()
@discriminator('mode')
type callers = functionKeys | entra

type functionKeys = {
  mode: 'FunctionKeys'
}

type entra = {
  mode: 'Entra'

  @description('Client id of the app registration that stands for this API and defines its app roles.')
  clientId: string

  @description('Client ids of the applications that may call. Entra gives a token for this API to any application of the tenant, so an empty list would admit all of them.')
  @minLength(1)
  allowedApplications: string[]
}

@description('Instances of the app.')
@export()
type instances = {
  @description('Memory of an instance, in MB.')
  memory: 512 | 2048 | 4096

  @description('How many instances there may be, over all scale groups.')
  @minValue(1)
  @maxValue(1000)
  maximum: int

  @description('HTTP calls that one instance works on at a time.')
  @minValue(1)
  @maxValue(1000)
  httpConcurrency: int

  @description('Instances that always wait for HTTP calls; billed all the time.')
  @minValue(0)
  alwaysReadyHttp: int

  @description('Instances that always wait for the timer; billed all the time. More than one is of no use: one runs a tick.')
  @minValue(0)
  @maxValue(2)
  alwaysReadyTimer: int
}

@description('When somebody is told, and who.')
@export()
type watch = {
  @description('Addresses of the people on call.')
  email: string[]

  @description('Time without a successful tick that is an alarm.')
  silence: 'PT15M' | 'PT30M' | 'PT1H'

  @description('Connections lost to their users in an hour that are an alarm.')
  @minValue(0)
  reconsentsPerHour: int

  @description('Share of calls answered with 5xx, in percent, that is an alarm.')
  @minValue(1)
  @maxValue(100)
  serverErrorPercent: int
}
