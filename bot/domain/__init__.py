"""What Easel sells and how money and jobs behave: pure rules, standard library only."""
