namespace FinxFunctions.Rotation;

[OptionsValidator]
public sealed partial class TokenOptionsValidator : IValidateOptions<TokenOptions>;
