namespace FinxFunctions.Finx;

[OptionsValidator]
public sealed partial class FinxOptionsValidator : IValidateOptions<FinxOptions>;
